import { html, type Html } from '../http/index.ts';
import type { Mail } from './mail.ports.ts';

interface MailLink {
  label: string;
  url: string;
}

/** The content of a mail. All of it is plain text; it is escaped and never read as markup. */
export interface MailContent {
  subject: string;
  /** The paragraphs in order. */
  paragraphs: readonly string[];
  /** The call to action, shown as a button; http or https only. */
  action?: MailLink;
  /** Small print at the end. */
  footer?: string;
}

/** Keeps text on one line, so that a name cannot add a header or a forged paragraph. */
const toSingleLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

function requireWebUrl(url: string): string {
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new Error('a mail may only link to http and https URLs');
  return href;
}

const paragraph = (content: Html) => html`<p style="margin:0 0 16px">${content}</p>`;

const button = ({ label, url }: MailLink) =>
  html`<a
    href="${url}"
    style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1f2937;color:#ffffff;text-decoration:none"
    >${label}</a
  >`;

function renderHtml(
  title: string,
  lines: readonly string[],
  link: MailLink | undefined,
  footer: string | undefined,
): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
      </head>
      <body
        style="font-family:sans-serif;font-size:15px;line-height:1.5;color:#111827;max-width:560px;margin:24px auto;padding:0 16px"
      >
        ${lines.map((line) => paragraph(html`${line}`))} ${link && paragraph(button(link))}
        ${footer && html`<p style="margin:24px 0 0;font-size:12px;color:#6b7280">${footer}</p>`}
      </body>
    </html> `;
}

/** Renders subject, plain text and HTML; the HTML has no scripts, images or external styles. */
export function renderMail({
  subject,
  paragraphs,
  action,
  footer,
}: MailContent): Pick<Mail, 'subject' | 'text' | 'html'> {
  const lines = paragraphs.map(toSingleLine);
  const link = action && { label: toSingleLine(action.label), url: requireWebUrl(action.url) };
  const footerText = footer === undefined ? undefined : toSingleLine(footer);
  const text = [
    ...lines,
    ...(link ? [`${link.label}: ${link.url}`] : []),
    ...(footerText ? [footerText] : []),
  ];
  return {
    subject: toSingleLine(subject),
    text: `${text.join('\n\n')}\n`,
    html: renderHtml(toSingleLine(subject), lines, link, footerText).toString(),
  };
}
