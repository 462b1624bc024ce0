import { html, type Html } from '../http/index.ts';
import type { ReferenceFiles } from './docs.ports.ts';
import { listEndpoints, type OpenApiDocument } from './openapi-document.ts';
import type { RenderedPage } from './render-page.ts';

/**
 * Permits our own files, styles that carry the nonce, and requests to this API. No script runs but our own files, and
 * nothing is loaded from or sent to anywhere else.
 */
function buildPolicy(publicUrl: string, nonce: string): string {
  const rules = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src-elem': ["'self'", `'nonce-${nonce}'`],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'connect-src': ["'self'", new URL(publicUrl).origin],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(rules)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ');
}

/** What the page shows without JavaScript: every operation in a line, and where its details are. */
export function renderOperationList(document: OpenApiDocument): Html {
  const groups = Map.groupBy(listEndpoints(document), ({ operation }) => operation.tags[0] ?? '');
  const sections = [...groups].map(
    ([tag, endpoints]) =>
      html`<h2>${tag}</h2>
        <ul>
          ${endpoints.map(
            ({ method, path, operation }) =>
              html`<li><code>${method.toUpperCase()} ${path}</code> ${operation.summary}</li> `,
          )}
        </ul> `,
  );
  return html`<h1>AuraLink API reference</h1>
    <p>
      With JavaScript, this page shows the details of each operation. Without, they are in the
      <a href="/openapi.json">OpenAPI document</a>; the errors are in the
      <a href="/errors">error catalogue</a>.
    </p>
    ${sections}`;
}

/**
 * The page of the API reference: a script that reads `/openapi.json` and shows it with Scalar.
 * @param operations what the page shows without JavaScript
 * @param nonce unpredictable and new for each response, which therefore cannot be cached
 */
export function renderReferencePage(
  { script, scalar, style, icon }: ReferenceFiles,
  publicUrl: string,
  operations: Html,
  nonce: string,
): RenderedPage {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta property="csp-nonce" content="${nonce}" />
        <title>AuraLink API reference</title>
        <link rel="icon" type="image/svg+xml" href="${icon}" />
        <link rel="stylesheet" href="${style}" />
        <link rel="preload" as="script" href="${scalar}" />
        <script type="module" src="${script}"></script>
      </head>
      <body>
        <noscript>${operations}</noscript>
        <main id="reference" data-scalar="${scalar}"></main>
      </body>
    </html> `;
  return {
    content: page.toString(),
    headers: {
      'Content-Security-Policy': buildPolicy(publicUrl, nonce),
      'Cross-Origin-Opener-Policy': 'same-origin',
    },
  };
}
