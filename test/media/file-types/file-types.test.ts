import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { detectFileType } from '../../../src/media/file-types/index.ts';

/** The type, and how many bytes were read to find it. */
async function detect(bytes: Uint8Array): Promise<{ type: string; read: number }> {
  let read = 0;
  const type = await detectFileType(bytes.length, async (offset, length) => {
    read += length;
    return bytes.slice(offset, offset + length);
  });
  return { type, read };
}
const typeOf = async (bytes: Uint8Array | string) =>
  (await detect(typeof bytes === 'string' ? strToU8(bytes) : bytes)).type;
const OFFICE = 'application/vnd.openxmlformats-officedocument';

describe('the type of a file', () => {
  it.each([
    ['a PDF', '%PDF-1.7\n1 0 obj', 'application/pdf'],
    ['a GIF', 'GIF89a\u0001\0\u0001\0', 'image/gif'],
    ['text', 'Grüße aus Köln\n', 'text/plain'],
    ['HTML, as text', '<!doctype html><script>alert(1)</script>', 'text/plain'],
    ['JSON, as text', '{"a": 1}', 'text/plain'],
    ['text with a NUL', 'a\0b', 'application/octet-stream'],
    ['nothing', '', 'application/octet-stream'],
  ])('is found by its content: %s', async (_name, content, type) => {
    expect(await typeOf(content)).toBe(type);
  });

  it('is text when a character is cut at the end of what is read, and not when one is broken', async () => {
    const long = strToU8(`${'a'.repeat(4_099)}ü${'b'.repeat(100)}`);
    expect(await typeOf(long)).toBe('text/plain');
    expect(await typeOf(long.slice(0, 4_100))).toBe('application/octet-stream');
  });

  it.each([
    ['word/document.xml', `${OFFICE}.wordprocessingml.document`],
    ['xl/workbook.xml', `${OFFICE}.spreadsheetml.sheet`],
    ['ppt/presentation.xml', `${OFFICE}.presentationml.presentation`],
    ['other/part.xml', 'application/zip'],
  ])('of an office document is found by its entries: %s', async (entry, type) => {
    const filler = new Uint8Array(20_000).map((_byte, index) => (index * 7919) % 251);
    const bytes = zipSync({
      'a.bin': [filler, { level: 0 }],
      '[Content_Types].xml': strToU8('<Types/>'),
      [entry]: strToU8('<x/>'),
    });
    expect(await typeOf(bytes)).toBe(type);
  });

  it('of an archive with an office folder alone is an archive', async () => {
    expect(await typeOf(zipSync({ 'word/document.xml': strToU8('<x/>') }))).toBe('application/zip');
  });

  it('of OpenDocument is the one that it names', async () => {
    const type = 'application/vnd.oasis.opendocument.text';
    expect(await typeOf(zipSync({ mimetype: [strToU8(type), { level: 0 }], 'a.xml': strToU8('<a/>') }))).toBe(
      type,
    );
  });

  it('of a large or a broken archive is found without reading much of it', async () => {
    const bomb = zipSync({ zeros: new Uint8Array(50_000_000) });
    expect((await detect(bomb)).type).toBe('application/zip');
    expect((await detect(bomb)).read).toBeLessThan(80_000);
    for (const broken of [
      bomb.slice(0, 1_000),
      strToU8('PK\u0003\u0004'),
      strToU8(`PK\u0005\u0006${'\uffff'.repeat(30)}`),
    ])
      expect(await typeOf(broken)).toBe('application/zip');
  });
});
