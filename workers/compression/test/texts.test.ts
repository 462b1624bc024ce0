import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@connectrpc/connect';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AICObjectService, DocumentImages } from '../generated/auralink/aic/v1/objects_pb.js';
import { Archive } from '../src/documents/archive.ts';
import { readOfficeLines } from '../src/documents/office.ts';
import { COLUMNS, layOut, LINES } from '../src/documents/text-page.ts';
import { type Service, startService } from './kit.ts';
import { paragraph, writeDocx, writeOdt, writePptx, writeXlsx, writeZip } from './write-office.ts';

let folder: string;
let service: Service;
let client: Client<typeof AICObjectService>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-texts-'));
  service = await startService({ COMPRESSION_OBJECT_FOLDER: folder, COMPRESSION_MAX_PROCESS_MIB: '512' });
  client = service.client(AICObjectService);
});
afterAll(async () => {
  await service.stop('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const at = (value: string) => ({ place: { case: 'path' as const, value } });
async function preview(content: string | Uint8Array, pages = [1], maxPixels = 842) {
  await writeFile(join(folder, 'input'), content);
  const images = pages.map((page, index) => ({ page, maxPixels, output: at(`image-${index}.webp`) }));
  return client.previewDocument({ input: at('input'), images });
}
/** The share of dark pixels in a part of the page. */
async function inkIn(part: { left: number; top: number; width: number; height: number }) {
  const { data } = await sharp(await readFile(join(folder, 'image-0.webp')))
    .extract(part)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return data.filter((value) => value < 128).length / data.length;
}
async function linesOf(content: Uint8Array) {
  await writeFile(join(folder, 'office'), content);
  const archive = await Archive.open(join(folder, 'office'));
  return readOfficeLines(archive).finally(() => archive.close());
}
const TOP = { left: 40, top: 40, width: 200, height: 12 };
const refusal = (reason: RegExp) => ({ code: 3, rawMessage: expect.stringMatching(reason) });

describe('a text', () => {
  it('is drawn as a page: its first lines, in whatever script', async () => {
    const made = await preview('# Notes\n\nпривет, naïve 1 < 2 & 3\n', [1, 1, 2]);
    expect(made).toMatchObject({ pageCount: 0, width: 595, height: 842, shows: DocumentImages.TEXT });
    expect(made.images).toMatchObject([{ width: 595, height: 842, contentType: 'image/webp' }, {}]);
    expect(made.images).toHaveLength(2);
    expect(await inkIn(TOP)).toBeGreaterThan(0.02);
    expect(await inkIn({ left: 40, top: 200, width: 500, height: 600 })).toBe(0);
  });

  it('continues long lines on the next, and ends with the page or a form feed', () => {
    expect(layOut('a\tb\r\nc\fnext page')).toEqual(['a       b', 'c']);
    expect(layOut('x'.repeat(COLUMNS + 1))).toEqual(['x'.repeat(COLUMNS), 'x']);
    expect(layOut('line\n'.repeat(10_000))).toHaveLength(LINES);
    expect(layOut('a\u0000b\u001b[31m')).toEqual(['a·b·[31m']);
  });

  it('is never read as markup, and what is without end is cut off', async () => {
    const marks = `<span size="9999999">a</span>&#xffffff;${'\u0301'.repeat(20_000)}`;
    const made = await preview(`${marks}\n${'\u{1F600}'.repeat(20_000)}`);
    expect(made.images[0]).toMatchObject({ width: 595, height: 842 });
  });

  it.each([
    ['in another encoding', Uint8Array.from([0xff, 0xfe, 0x41, 0x00])],
    ['of spaces only', '  \n\n'],
  ])('%s is refused', async (_, content) => {
    await expect(preview(content)).rejects.toMatchObject(refusal(/no text/));
  });
});

describe('an office document', () => {
  it('has the text of its first page', async () => {
    const body = `${paragraph('Minutes')}<w:tbl><w:tr><w:tc>${paragraph('Ann')}</w:tc><w:tc>${paragraph('1')}</w:tc></w:tr></w:tbl>`;
    const end = `<w:p><w:r><w:br w:type="page"/><w:t>second page</w:t></w:r></w:p>`;
    expect(await linesOf(writeDocx(`${body}${end}`))).toEqual(['Minutes', 'Ann \t1 \t']);
    expect(await linesOf(writePptx('Plans &amp; dates'))).toEqual(['Plans & dates']);
    const odt =
      '<text:p>One<text:tab/>two</text:p><office:annotation><text:p>no</text:p></office:annotation>';
    expect((await linesOf(writeOdt(odt))).filter(Boolean)).toEqual(['One\ttwo']);
  });

  it('that is a workbook has the rows of the first sheet that is shown, in columns', async () => {
    const rows =
      '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>seat</t></is></c></row><row><c r="A2"><v>12</v></c></row>';
    expect(await linesOf(writeXlsx(rows, ['participant']))).toEqual(['participant    seat', '12']);
  });

  it('is drawn, and the text says what it is', async () => {
    expect(await preview(writeDocx(paragraph('Minutes of the meeting')))).toMatchObject({
      shows: DocumentImages.TEXT,
      pageCount: 0,
    });
    expect(await inkIn(TOP)).toBeGreaterThan(0.02);
  });

  it('is shown by the thumbnail that it carries, named as such and never enlarged', async () => {
    const red = await sharp({ create: { width: 256, height: 128, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const made = await preview(writeDocx(paragraph('text'), { 'docProps/thumbnail.jpeg': red }));
    expect(made).toMatchObject({ shows: DocumentImages.THUMBNAIL, width: 256, height: 128 });
    expect(made.images[0]).toMatchObject({ width: 256, height: 128 });
  });

  it.each([
    [
      'that claims 50,000 × 50,000 pixels',
      Buffer.from('89504e470d0a1a0a0000000d494844520000c3500000c3500802000000', 'hex'),
    ],
    ['of SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"/>')],
    ['of 90 MB', Buffer.alloc(90_000_000)],
  ])('with a thumbnail %s is shown by its text', async (_, thumbnail) => {
    const made = await preview(writeDocx(paragraph('text'), { 'docProps/thumbnail.png': thumbnail }));
    expect(made.shows).toBe(DocumentImages.TEXT);
  });
});

describe('a hostile archive', () => {
  const docx = (xml: string) => writeZip({ 'word/document.xml': xml });
  const entities = `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${`&a${i - 1};`.repeat(10)}">`).join('')}]>`;
  const end = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 30);

  it.each([
    ['that expands to more than is read', docx(`<d>${' '.repeat(80_000_000)}<t>text</t></d>`), /no text/],
    ['with entities of its own', docx(`${entities}<d><t>&a19;</t></d>`), /document type/],
    ['with an entity that nothing declares', docx('<d><t>&lol;</t></d>'), /cannot be read/],
    ['of elements without end', docx('<d>'.repeat(1_000_000)), /nested/],
    [
      'with too many entries',
      writeZip(Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`${i}`, '']))),
      /entries/,
    ],
    ['that is cut off', end(writeDocx(paragraph('text'))), /damaged or cut off/],
    ['whose parts lie about their size', lieAboutSize(writeDocx(paragraph('text'.repeat(9_000)))), /damaged/],
    ['that is none of an office program', writeZip({ 'readme.txt': 'text' }), /no office document/],
  ])('%s is refused', async (_, content, reason) => {
    await expect(preview(content)).rejects.toMatchObject(refusal(reason));
  });
});

/** Writes another size into the directory than the parts have. */
function lieAboutSize(archive: Uint8Array): Uint8Array {
  const bytes = Buffer.from(archive);
  for (let at = 0; (at = bytes.indexOf('PK\u0001\u0002', at)) >= 0; at += 4) bytes.writeUInt32LE(10, at + 24);
  return bytes;
}
