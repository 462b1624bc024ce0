import { html, type Html } from '../http/index.ts';
import type { PageFiles } from './pages.ports.ts';

/** The parts of every page around its body. Empty files are left out. @param attributes attributes of the body */
export function renderShell(
  { script, style, icon }: PageFiles,
  title: string,
  body: Html,
  attributes: Html = html``,
): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, interactive-widget=resizes-content"
        />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · AuraLink</title>
        ${icon && html`<link rel="icon" type="image/svg+xml" href="${icon}" />`}
        ${style && html`<link rel="stylesheet" href="${style}" />`}
        ${script && html`<script type="module" src="${script}"></script>`}
      </head>
      <body ${attributes}>
        <a class="skip" href="#main">Skip to content</a>
        <header class="site"><span class="brand">AuraLink</span></header>
        ${body}
      </body>
    </html> `;
}
