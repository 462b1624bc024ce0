import { readFile, writeFile } from 'node:fs/promises';
import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import sharp, { type Sharp } from 'sharp';
import { Refusal } from '../processes/serve-requests.ts';
import { encodeImage, makeBlurhash } from './images.ts';
import type { DocumentPreview, DocumentTask, ImageFile } from './object-messages.ts';

const QUALITY = 78;

/**
 * The renderer is PDFium in WebAssembly: it reaches no file, no network and no memory but its own, and has no engine for scripts.
 * @throws Refusal for what is no PDF, is encrypted, or has no page
 */
async function openDocument(input: string): Promise<PDFiumDocument> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(await readFile(input)).catch((error: Error) => {
    throw new Refusal(`the document cannot be read: ${error.message}`);
  });
  if (document.getPageCount() < 1) throw new Refusal('the document has no pages');
  return document;
}

const sizeOf = (document: PDFiumDocument, page: number) => {
  const { originalWidth, originalHeight } = document.getPage(page - 1).getOriginalSize();
  return { width: originalWidth, height: originalHeight };
};

/** Draws a page on white, with its longer edge of so many pixels: what it costs follows from these, and not from the size that it claims. */
async function drawPage(document: PDFiumDocument, page: number, maxPixels: number): Promise<Sharp> {
  const size = sizeOf(document, page);
  const scale = maxPixels / Math.max(size.width, size.height);
  const edge = (points: number) => Math.max(1, Math.round(points * scale));
  const [width, height] = [edge(size.width), edge(size.height)];
  if (!Number.isFinite(width) || !Number.isFinite(height)) throw new Refusal(`page ${page} has no size`);
  const { data } = await document.getPage(page - 1).render({ width, height, render: 'bitmap' });
  return sharp(data, { raw: { width, height, channels: 4 } }).flatten({ background: 'white' });
}

/** The images of the pages that there are. Annotations and forms are not drawn. */
export async function previewDocument({ input, images }: DocumentTask): Promise<DocumentPreview> {
  const document = await openDocument(input);
  const pageCount = document.getPageCount();
  const files: ImageFile[] = [];
  for (const { page, maxPixels, output } of images.filter(({ page: each }) => each <= pageCount)) {
    const data = await encodeImage(await drawPage(document, page, maxPixels), 'webp', QUALITY);
    const { width, height } = await sharp(data).metadata();
    await writeFile(output, data);
    files.push({ width, height, contentType: 'image/webp' });
  }
  const first = sizeOf(document, 1);
  return {
    pageCount,
    width: Math.max(1, Math.round(first.width)),
    height: Math.max(1, Math.round(first.height)),
    files,
    blurhash: await makeBlurhash(await drawPage(document, 1, 64)),
  };
}
