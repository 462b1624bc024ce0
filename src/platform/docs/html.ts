/** Markup that is safe to send; only `html` makes it. */
export interface Html {
  readonly markup: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string) => text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char]!);

type HtmlPart = Html | string | number | false | undefined | readonly HtmlPart[];

function renderPart(part: HtmlPart): string {
  if (part === false || part === undefined) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(renderPart).join('');
}

/** A template that escapes every value unless it is markup made by `html`; lists are joined, absent values are empty. */
export function html(strings: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return { markup: strings.reduce((out, text, index) => out + renderPart(parts[index - 1]) + text) };
}

/** Renders the Markdown that descriptions use: paragraphs and `code`. */
export function renderParagraphs(text: string): Html[] {
  return text.split(/\n{2,}/).map((paragraph) => html`<p>${renderInlineCode(paragraph)}</p>`);
}

/** Renders text with inline `code`. */
export function renderInlineCode(text: string): Html[] {
  return text
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`));
}
