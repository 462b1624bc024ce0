/** A recording of a screen: a page of this repository, read and scrolled in a browser's window. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const TEXT = join(import.meta.dirname, '../../../README.md');
const STYLE =
  'body{margin:0 auto;max-width:900px;padding:24px;font:16px/1.5 sans-serif;color:#1d2433;background:#fff}pre,td{background:#f2f4f8;padding:6px;font:13px monospace}h2{border-bottom:2px solid #3b6fd4}';

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function toHtml(markdown: string): string {
  const blocks = markdown.split(/\n{2,}/).map((block) => {
    const text = escape(block);
    if (block.startsWith('#')) return `<h2>${text.replace(/^#+ /, '')}</h2>`;
    return /^(```|\|)/.test(block) ? `<pre>${text}</pre>` : `<p>${text}</p>`;
  });
  return `<style>${STYLE}</style>${blocks.join('\n')}`;
}

/** Writes the whole page as a picture, 1280 pixels wide. @throws when there is no Chromium */
export async function drawPage(file: string): Promise<void> {
  await writeFile(`${file}.html`, toHtml(await readFile(TEXT, 'utf8')));
  const flags = '--headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,6400'.split(' ');
  await promisify(execFile)('chromium', [...flags, `--screenshot=${file}`, `file://${file}.html`]);
}

/** Filters of FFmpeg that read the page: three seconds of rest, one of scrolling. */
export const SCROLL = "crop=1280:720:0:'520*(floor(t/4)+clip(mod(t,4)-3,0,1))'";
