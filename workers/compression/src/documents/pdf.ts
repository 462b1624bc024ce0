import { readFile } from 'node:fs/promises';
import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import sharp, { type Sharp } from 'sharp';
import { Refusal } from '../processes/serve-requests.ts';
import type { OpenDocument } from './document.ts';

const sizeOf = (document: PDFiumDocument, page: number) => {
  const { originalWidth, originalHeight } = document.getPage(page - 1).getOriginalSize();
  return { width: originalWidth, height: originalHeight };
};

/**
 * Draws a page on white, with its longer edge of so many pixels: the cost follows from these, and not from the size
 * that the page claims.
 */
async function drawPage(document: PDFiumDocument, page: number, maxPixels: number): Promise<Sharp> {
  const size = sizeOf(document, page);
  const scale = maxPixels / Math.max(size.width, size.height);
  const edge = (points: number) => Math.max(1, Math.round(points * scale));
  const [width, height] = [edge(size.width), edge(size.height)];
  if (!Number.isFinite(width) || !Number.isFinite(height)) throw new Refusal(`page ${page} has no size`);
  const { data } = await document.getPage(page - 1).render({ width, height, render: 'bitmap' });
  return sharp(data, { raw: { width, height, channels: 4 } }).flatten({ background: 'white' });
}

/**
 * The renderer is PDFium in WebAssembly: it reaches no file, no network and no memory but its own, and has no engine for scripts.
 * Annotations and forms are not drawn.
 * @throws Refusal for what is no PDF, is encrypted, or has no page
 */
export async function openPdf(input: string): Promise<OpenDocument> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(await readFile(input)).catch((error: Error) => {
    throw new Refusal(`the document cannot be read: ${error.message}`);
  });
  const pageCount = document.getPageCount();
  if (pageCount < 1) throw new Refusal('the document has no pages');
  return {
    shows: 'pages',
    pageCount,
    ...sizeOf(document, 1),
    draw: (page, maxPixels) => drawPage(document, page, maxPixels),
  };
}
