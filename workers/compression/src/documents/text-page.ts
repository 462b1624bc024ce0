import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { Refusal } from '../processes/serve-requests.ts';
import type { OpenDocument } from './document.ts';

/** A4 in points, and what stays white around the text. */
const PAGE = { width: 595, height: 842, margin: 40 };
const FONT_POINTS = 8;
/** What fits on a page. */
export const COLUMNS = 106;
export const LINES = 80;
/** A page of characters of four bytes has less. */
const READ_BYTES = 64 * 1024;
const TAB = 8;
const POINTS_OF_INCH = 72;

const FONT = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'));

function expandTabs(line: string): string {
  let expanded = '';
  for (const part of line.split(/(\t)/))
    expanded += part === '\t' ? ' '.repeat(TAB - (expanded.length % TAB)) : part;
  return expanded;
}

/** The lines of the first page: long ones continue on the next, and a form feed ends the page. */
export function layOut(text: string): string[] {
  const lines: string[] = [];
  const [page = ''] = text.split('\f');
  for (const line of page.split(/\r\n|[\r\n\v\u0085\u2028\u2029]/)) {
    const shown = line.slice(0, COLUMNS * LINES).replaceAll(/[^\P{Cc}\t]/gu, '·');
    const characters = Array.from(expandTabs(shown));
    for (let at = 0; at === 0 || at < characters.length; at += COLUMNS) {
      if (lines.length === LINES) return lines;
      lines.push(characters.slice(at, at + COLUMNS).join(''));
    }
  }
  return lines;
}

/** Text escaped for Pango: nothing in it is read as an element or an entity. */
const escapeMarkup = (text: string) =>
  text.toWellFormed().replaceAll(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Draws lines on a white page. Parts beyond the page, such as endless marks above one letter, are cut off. */
async function drawLines(lines: readonly string[], maxPixels: number): Promise<Sharp> {
  const scale = Math.max(maxPixels, PAGE.height) / PAGE.height; // smaller text is not drawn, but scaled down
  const [width, height, margin] = [PAGE.width, PAGE.height, PAGE.margin].map((points) =>
    Math.round(points * scale),
  ) as [number, number, number];
  const page = sharp({ create: { width, height, channels: 3, background: 'white' } });
  const ink = await sharp({
    text: {
      text: `<span foreground="black">${escapeMarkup(lines.join('\n'))}</span>`,
      font: `DejaVu Sans Mono ${FONT_POINTS}`,
      fontfile: FONT,
      dpi: Math.round(POINTS_OF_INCH * scale),
      rgba: true,
      wrap: 'none',
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  const input = await sharp(ink.data)
    .extract({
      left: 0,
      top: 0,
      width: Math.min(ink.info.width, width - margin),
      height: Math.min(ink.info.height, height - margin),
    })
    .toBuffer();
  // Read once more, so that what follows is done with the page and not before its text is on it.
  const drawn = await page
    .composite([{ input, left: margin, top: margin }])
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(drawn).resize({ height: maxPixels });
}

/** Lines as a document of one page. @throws Refusal where there is nothing to draw */
export function openLines(lines: readonly string[]): OpenDocument {
  if (lines.every((line) => line.trim() === '')) throw new Refusal('there is no text on the first page');
  return {
    shows: 'text',
    pageCount: undefined,
    width: PAGE.width,
    height: PAGE.height,
    draw: (_, maxPixels) => drawLines(lines, maxPixels),
  };
}

/** The first bytes of a file, or all that it has. */
export async function readStart(input: string, bytes: number): Promise<Buffer> {
  const file = await open(input);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The beginning of a text in UTF-8, of whatever kind. @throws Refusal for what is none */
export async function openText(input: string): Promise<OpenDocument> {
  const bytes = await readStart(input, READ_BYTES);
  let text: string;
  try {
    // Not as the end: a character may be cut in two there.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    throw new Refusal('the content is no PDF, no office document and no text in UTF-8');
  }
  return openLines(layOut(text));
}
