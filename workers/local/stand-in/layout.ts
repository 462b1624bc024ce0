import { html, raw } from 'hono/html';

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111827}
section{border:1px solid #d1d5db;border-radius:8px;padding:1rem;margin:1rem 0}h1{font-size:1.4rem}h2{font-size:1.05rem;margin:0 0 .5rem}
p{margin:.3rem 0}label{display:block;margin:.5rem 0}input,select{font:inherit;padding:.3rem;width:100%;box-sizing:border-box}
button{font:inherit;padding:.4rem .9rem;margin:.4rem .4rem 0 0;cursor:pointer}[role=alert]{color:#b91c1c}table{width:100%;border-collapse:collapse}
td,th{text-align:left;padding:.2rem .75rem .2rem 0}td:last-child,th:last-child{padding-right:0}.amount{text-align:right}
.amount,.number{white-space:nowrap}.quiet{color:#6b7280}
@media(prefers-color-scheme:dark){body{background:#111827;color:#f3f4f6}a{color:#93c5fd}section{border-color:#374151}
[role=alert]{color:#fca5a5}.quiet{color:#9ca3af}}`;

export type Html = ReturnType<typeof html>;

/** A whole page; nothing in it runs or loads. */
export async function page(title: string, content: Html): Promise<string> {
  const whole = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${content}
      </body>
    </html> `;
  return whole.toString();
}

/** An amount of minor units, as people read it: `49.00 USD`. */
export const money = (amount: number | null, currency: string | null): string =>
  `${((amount ?? 0) / 100).toFixed(2)} ${(currency ?? '').toUpperCase()}`;

export const day = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');

/** A moment in ISO 8601, as people read it: `2026-11-29 22:04`; empty for none. */
export const minutes = (iso: string | null): string => (iso ?? '').slice(0, 16).replace('T', ' ');

/** The fields of a card, filled with one that works. */
export const cardFields = (cards: readonly (readonly [string, string])[], year: number): Html => html`
  <label
    >Card number <input name="number" value="4242424242424242" inputmode="numeric" list="cards" required
  /></label>
  <datalist id="cards">
    ${cards.map(([number, outcome]) => html`<option value="${number}">${outcome}</option>`)}
  </datalist>
  <label>Valid until, month <input name="month" value="12" inputmode="numeric" required /></label>
  <label>Valid until, year <input name="year" value="${year}" inputmode="numeric" required /></label>
`;
