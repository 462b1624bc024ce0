import type { Sharp } from 'sharp';

/** A document whose pages can be drawn. */
export interface OpenDocument {
  /** What its pictures show: its pages as they look, the text at its beginning, or the thumbnail that an office program stored in it. */
  shows: 'pages' | 'text' | 'thumbnail';
  /** How many pages it has; undefined where only a program that lays it out could say. */
  pageCount: number | undefined;
  /** Width of the first page, in points. */
  width: number;
  height: number;
  /** @param maxPixels of the longer edge */
  draw(page: number, maxPixels: number): Promise<Sharp>;
}
