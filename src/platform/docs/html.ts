import { html, type Html } from '../http/index.ts';

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
