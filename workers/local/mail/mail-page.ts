import type { CaughtMail } from './mailbox.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? '');

/** Escaped text whose web addresses can be clicked. */
const withLinks = (text: string) =>
  escapeHtml(text).replaceAll(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`);

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111827}
article{border:1px solid #d1d5db;border-radius:8px;padding:1rem;margin:1rem 0}
h2{font-size:1.05rem;margin:0}p{color:#6b7280;margin:.2rem 0}pre{white-space:pre-wrap;font:inherit;margin:.8rem 0 0}
@media(prefers-color-scheme:dark){body{background:#111827;color:#f3f4f6}a{color:#93c5fd}article{border-color:#374151}}`;

/** The mails as a page to read; as text, so that nothing in a mail runs or loads. */
export function mailPage(mails: readonly CaughtMail[]): string {
  const articles = mails.map(
    ({ to, from, subject, text, receivedAt }) =>
      `<article><h2>${escapeHtml(subject)}</h2><p>to ${escapeHtml(to.join(', '))} · from ${escapeHtml(from)} · ${receivedAt}</p><pre>${withLinks(text)}</pre></article>`,
  );
  const content = articles.length > 0 ? articles.join('\n') : '<p>No mail yet.</p>';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mails</title><style>${STYLE}</style></head><body><h1>Mails</h1>${content}</body></html>`;
}
