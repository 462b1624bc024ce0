import { html, type Html, trustedHtml } from '../http/index.ts';
import { CHART_TEXT_SIZE, CHART_WIDTH, chartOf } from './chart.rules.ts';
import { formatCell, numberColumns, type Table } from './table.rules.ts';

const STYLE = trustedHtml(`
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --line: #8885; --bar: light-dark(#2f5fe0, #6f97ff); }
body { margin: 2rem auto; padding: 0 1.5rem; max-width: 70rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; } p { margin: .25rem 0 1.5rem; opacity: .75; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: start; padding: .35rem .75rem; border-bottom: 1px solid var(--line); }
th.number, td.number { text-align: end; } tbody tr:nth-child(even) { background: #8881; }
figure { margin: 0 0 1.5rem; break-inside: avoid; } figcaption { font-weight: 600; margin-bottom: .5rem; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; } rect { fill: var(--bar); } line { stroke: var(--line); }
text { fill: currentColor; font-size: ${CHART_TEXT_SIZE}px; }
@media (max-width: 40rem) { body { margin: 1rem auto; padding: 0 1rem; } th, td { padding: .35rem .5rem; } td { white-space: nowrap; } }
@page { margin: 14mm 12mm; }
@media print { :root { color-scheme: light; font-size: 11px; } body { margin: 0; padding: 0; max-width: none; }
.wide { overflow: visible; } svg { min-width: 0; } tr { break-inside: avoid; } }`);

/** A coordinate with a tenth of a unit. */
const at = (value: number): string => value.toFixed(1);

function chartMarkup(table: Table): Html {
  const chart = chartOf(table);
  if (!chart) return html``;
  return html`<figure>
    <figcaption>${chart.caption}</figcaption>
    <div class="wide">
      <svg viewBox="0 0 ${CHART_WIDTH} ${chart.height}" role="img" aria-label="${chart.caption}">
        ${chart.lines.map(
          ({ x1, y1, x2, y2 }) => html`<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" />`,
        )}
        ${chart.bars.map(
          ({ x, y, width, height, title }) =>
            html`<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}">
              <title>${title}</title>
            </rect>`,
        )}
        ${chart.texts.map(
          ({ x, y, anchor, text }) =>
            html`<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${text}</text>`,
        )}
      </svg>
    </div>
  </figure>`;
}

/** The columns and rows, numbers aligned at the end of the line. */
function tableMarkup(table: Table): Html {
  const { columns, rows } = table;
  if (rows.length === 0) return html`<p>There are no rows.</p>`;
  const kinds = numberColumns(table).map((isNumber) => (isNumber ? 'number' : 'text'));
  return html`<div class="wide">
    <table>
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
    </table>
  </div>`;
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
          ${chartMarkup(table)} ${tableMarkup(table)}
        </body>
      </html>`,
  );
}
