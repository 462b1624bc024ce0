import { html, type Html, trustedHtml } from '../http/index.ts';
import type { Cell, Table } from './table.rules.ts';

const STYLE = trustedHtml(`
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --line: #8884; --bar: #3b6ef6; }
body { margin: 2rem auto; padding: 0 1.5rem; max-width: 70rem; }
h1 { font-size: 1.5rem; margin: 0; } p { margin: .25rem 0 1.5rem; opacity: .75; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: start; padding: .35rem .75rem; border-bottom: 1px solid var(--line); }
th.number, td.number { text-align: end; } thead { position: sticky; top: 0; background: Canvas; }
figure { margin: 0 0 1rem; } figcaption { font-weight: 600; margin-bottom: .5rem; }
svg { width: 100%; height: auto; } rect { fill: var(--bar); } line { stroke: var(--line); }
text { fill: currentColor; font-size: 11px; text-anchor: middle; }
@media print { :root { color-scheme: light; } body { margin: 0; max-width: none; } thead { position: static; } tr { break-inside: avoid; } }`);

const MAX_BARS = 60;
const WIDTH = 960;
const HEIGHT = 220;

const numberFormat = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 4 });
const formatCell = (cell: Cell): string =>
  cell === null ? '–' : typeof cell === 'number' ? numberFormat.format(cell) : String(cell);

/** Long ids differ at their ends: their middle is left out. */
const shorten = (label: string): string =>
  label.length <= 14 ? label : `${label.slice(0, 7)}…${label.slice(-6)}`;

/** A bar for each row: the first column beneath it, the first column of numbers as its height. */
function barChart({ columns, rows }: Table): Html {
  const measure = columns.findIndex((_, index) => rows.some((row) => typeof row[index] === 'number'));
  const bars = rows
    .slice(0, MAX_BARS)
    .map((row) => ({ label: formatCell(row[0] ?? null), value: Number(row[measure]) }));
  const most = Math.max(...bars.map(({ value }) => value));
  if (measure <= 0 || bars.length < 2 || !(most > 0)) return html``;
  const step = WIDTH / bars.length;
  return html`<figure>
    <figcaption>${columns[measure]} by ${columns[0]}: the highest bar is ${formatCell(most)}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT + 30}" role="img" aria-label="${columns[measure]} by ${columns[0]}">
      <line x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}" />
      ${bars.map(({ label, value }, index) => {
        const height = Math.max(0, (value / most) * HEIGHT);
        const x = index * step;
        return html`<rect
            x="${(x + step * 0.1).toFixed(1)}"
            y="${(HEIGHT - height).toFixed(1)}"
            width="${(step * 0.8).toFixed(1)}"
            height="${height.toFixed(1)}"
            ><title>${label}: ${formatCell(value)}</title></rect
          >
          ${index % Math.ceil(bars.length / 10) === 0 ? html`<text x="${Math.max(36, x + step / 2).toFixed(1)}" y="${HEIGHT + 18}">${shorten(label)}</text>` : ''}`;
      })}
    </svg>
  </figure>`;
}

/** The columns and rows, numbers aligned at the end of the line. */
function tableMarkup({ columns, rows }: Table): Html {
  const kinds = columns.map((_, index) =>
    rows.some((row) => typeof row[index] === 'number') ? 'number' : 'text',
  );
  return html`<table>
    <thead>
      <tr>
        ${columns.map((column, index) => html`<th scope="col" class="${kinds[index]}">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, index) => html`<td class="${kinds[index]}">${formatCell(cell)}</td>`)}
          </tr> `,
      )}
    </tbody>
  </table>`;
}

/** The table as a page that can be read and printed, with a chart; it loads nothing and runs no script. */
export function writeHtml(table: Table): string {
  const { title, subtitle } = table;
  return String(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta
            http-equiv="Content-Security-Policy"
            content="default-src 'none'; style-src 'unsafe-inline'"
          />
          <title>${title}</title>
          <style>
            ${STYLE}
          </style>
        </head>
        <body>
          <h1>${title}</h1>
          <p>${subtitle}</p>
          ${barChart(table)} ${tableMarkup(table)}
        </body>
      </html>`,
  );
}
