import { utf8 } from '../../kernel/core/index.ts';
import { html, type Html, trustedHtml } from '../http/index.ts';
import { STYLE } from './style.ts';

export interface HtmlPage {
  title: string;
  body: Html;
}

/** A rendered page with its headers. */
export interface RenderedPage {
  content: string;
  headers: Record<string, string>;
}

/** Renders a page under a security policy that permits only its own style sheet: no script, image, frame or form. */
export async function renderPage({ title, body }: HtmlPage, maxAgeSeconds: number): Promise<RenderedPage> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(STYLE)));
  const hash = btoa(String.fromCharCode(...digest));
  const style = trustedHtml(`<style>${STYLE}</style>`);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        ${body}
      </body>
    </html> `;
  return {
    content: page.toString(),
    headers: {
      'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'Cache-Control': `public, max-age=${maxAgeSeconds}`,
    },
  };
}
