import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { encodeImage, makeBlurhash } from '../objects/images.ts';
import type { DocumentPreview, DocumentTask, ImageFile } from '../objects/object-messages.ts';
import type { OpenDocument } from './document.ts';
import { openOffice } from './office.ts';
import { openPdf } from './pdf.ts';
import { openText, readStart } from './text-page.ts';

const QUALITY = 78;
const BLURHASH_PIXELS = 64;

/** Opens a document as what its first bytes say it is. @throws Refusal for what cannot be drawn */
async function openDocument(input: string): Promise<OpenDocument> {
  const start = (await readStart(input, 4)).toString('latin1');
  if (start === '%PDF') return openPdf(input);
  return start === 'PK\u0003\u0004' ? openOffice(input) : openText(input);
}

/** The images of the pages that there are. */
export async function previewDocument({ input, images }: DocumentTask): Promise<DocumentPreview> {
  const document = await openDocument(input);
  const lastPage = document.pageCount ?? 1;
  const files: ImageFile[] = [];
  for (const { page, maxPixels, output } of images.filter(({ page: each }) => each <= lastPage)) {
    const data = await encodeImage(await document.draw(page, maxPixels), 'webp', QUALITY);
    const { width, height } = await sharp(data).metadata();
    await writeFile(output, data);
    files.push({ width, height, contentType: 'image/webp' });
  }
  return {
    pageCount: document.pageCount ?? 0,
    shows: document.shows,
    width: Math.max(1, Math.round(document.width)),
    height: Math.max(1, Math.round(document.height)),
    files,
    blurhash: await makeBlurhash(await document.draw(1, BLURHASH_PIXELS)),
  };
}
