import sharp from 'sharp';
import { Refusal } from '../processes/serve-requests.ts';
import { Archive } from './archive.ts';
import type { OpenDocument } from './document.ts';
import { readParagraphs } from './paragraphs.ts';
import { readSheet } from './sheet.ts';
import { findFirstPart } from './relationships.ts';
import { layOut, openLines } from './text-page.ts';

/** Where programs put a picture of the first page: those of Microsoft, and those that write OpenDocument. */
const THUMBNAILS = [
  'docProps/thumbnail.jpeg',
  'docProps/thumbnail.jpg',
  'docProps/thumbnail.png',
  'Thumbnails/thumbnail.png',
];
const MAX_THUMBNAIL_BYTES = 4 * 1024 * 1024;
const MAX_THUMBNAIL_PIXELS = 16_000_000;
/** A smaller one is the icon of the program. */
const LEAST_THUMBNAIL_PIXELS = 64;

async function readThumbnail(archive: Archive): Promise<Buffer | undefined> {
  const name = archive.find(THUMBNAILS);
  const bytes = name === undefined ? undefined : await archive.read(name);
  if (!bytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_THUMBNAIL_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The thumbnail in the document; undefined without one that can be shown. */
async function openThumbnail(archive: Archive): Promise<OpenDocument | undefined> {
  try {
    const data = await readThumbnail(archive);
    if (!data) return undefined;
    const image = sharp(data, { limitInputPixels: MAX_THUMBNAIL_PIXELS });
    const { format, width, height } = await image.metadata();
    if ((format !== 'jpeg' && format !== 'png') || Math.max(width, height) < LEAST_THUMBNAIL_PIXELS)
      return undefined;
    await image.stats(); // decodes it in full
    const draw = async (_: number, maxPixels: number) =>
      image
        .clone()
        .flatten({ background: 'white' })
        .resize({ width: maxPixels, height: maxPixels, fit: 'inside', withoutEnlargement: true });
    return { shows: 'thumbnail', pageCount: undefined, width, height, draw };
  } catch {
    return undefined; // it cannot be decoded; the text may be readable
  }
}

/** The lines of the first page. @throws Refusal */
export async function readOfficeLines(archive: Archive): Promise<string[]> {
  if (archive.find(['word/document.xml'])) return readParagraphs(archive, 'word/document.xml');
  if (archive.find(['ppt/presentation.xml']))
    return readParagraphs(archive, await findFirstPart(archive, 'ppt/presentation.xml', 'sldId'));
  if (archive.find(['xl/workbook.xml']))
    return readSheet(archive, await findFirstPart(archive, 'xl/workbook.xml', 'sheet'));
  if (archive.find(['content.xml'])) return readParagraphs(archive, 'content.xml');
  throw new Refusal('the archive is no office document');
}

/**
 * An office document: the picture of its first page that it carries, or else the text of that page. Nothing here lays it out as the program
 * that wrote it does.
 * @throws Refusal for other archives, and for documents without both
 */
export async function openOffice(input: string): Promise<OpenDocument> {
  const archive = await Archive.open(input);
  try {
    const lines = await readOfficeLines(archive);
    return (await openThumbnail(archive)) ?? openLines(layOut(lines.join('\n')));
  } finally {
    archive.close();
  }
}
