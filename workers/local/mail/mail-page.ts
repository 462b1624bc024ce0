import { html, raw } from 'hono/html';
import { minutes } from '../stand-in/layout.ts';
import type { CaughtMail } from './mailbox.ts';

/** Text whose web addresses can be clicked. */
const withLinks = (text: string) =>
  text
    .split(/(https?:\/\/[^\s<]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part));

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111827}
article{border:1px solid #d1d5db;border-radius:8px;padding:1rem;margin:1rem 0}
h2{font-size:1.05rem;margin:0}p{color:#6b7280;margin:.2rem 0}pre{white-space:pre-wrap;font:inherit;margin:.8rem 0 0}h2,p,pre{overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{background:#111827;color:#f3f4f6}a{color:#93c5fd}p{color:#9ca3af}article{border-color:#374151}}`;

const renderMail = ({ to, from, subject, text, receivedAt }: CaughtMail) =>
  html`<article>
    <h2>${subject}</h2>
    <p>to ${to.join(', ')} · from ${from} · ${minutes(receivedAt)} UTC</p>
    <pre>${withLinks(text)}</pre>
  </article>`;

/** The mails as a page to read; as text, so that nothing in a mail runs or loads. */
export async function renderMailPage(mails: readonly CaughtMail[]): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Mails</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <h1>Mails</h1>
        ${mails.length > 0 ? mails.map(renderMail) : html`<p>No mail yet.</p>`}
      </body>
    </html> `;
  return page.toString();
}
