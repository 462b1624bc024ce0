import type { Mail } from './mail.ports.ts';

/** The content of a mail. All of it is plain text; it is escaped and never read as markup. */
export interface MailContent {
  subject: string;
  /** The paragraphs in order. */
  paragraphs: readonly string[];
  /** The call to action, shown as a button; http or https only. */
  action?: { label: string; url: string };
  /** Small print at the end. */
  footer?: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char]!);

/** Keeps text on one line, so that a name cannot add a header or a forged paragraph. */
const toSingleLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

function requireWebUrl(url: string): string {
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new Error('a mail may only link to http and https URLs');
  return href;
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
  const paragraph = (content: string) => `<p style="margin:0 0 16px">${content}</p>`;
  const html = [
    ...lines.map((line) => paragraph(escapeHtml(line))),
    ...(link
      ? [
          paragraph(
            `<a href="${escapeHtml(link.url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1f2937;color:#ffffff;text-decoration:none">${escapeHtml(link.label)}</a>`,
          ),
        ]
      : []),
    ...(footerText
      ? [`<p style="margin:24px 0 0;font-size:12px;color:#6b7280">${escapeHtml(footerText)}</p>`]
      : []),
  ];
  return {
    subject: toSingleLine(subject),
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html><head><meta charset="utf-8"><title>${escapeHtml(toSingleLine(subject))}</title></head><body style="font-family:sans-serif;font-size:15px;line-height:1.5;color:#111827;max-width:560px;margin:24px auto;padding:0 16px">${html.join('')}</body></html>`,
  };
}
