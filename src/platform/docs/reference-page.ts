import { html, type Html } from '../http/index.ts';
import { renderInlineCode } from './html.ts';
import type { OpenApiDocument, OpenApiSchema } from './openapi-types.ts';
import { type ApiEndpoint, listEndpoints, renderOperation } from './render-operation.ts';
import type { HtmlPage } from './render-page.ts';
import { renderSchema } from './render-schema.ts';

const tagAnchor = (tag: string) => `tag-${tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;

function renderContents(groups: ReadonlyMap<string, ApiEndpoint[]>, schemas: readonly string[]): Html {
  const groupLinks = [...groups].map(
    ([tag, endpoints]) =>
      html`<details open>
        <summary>${tag}</summary>
        <ul>
          ${endpoints.map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}
        </ul>
      </details> `,
  );
  return html`<nav aria-label="Contents">
    <p>
      <strong>AuraLink</strong><br /><a href="/openapi.json">OpenAPI document</a><br /><a href="/errors"
        >Error catalogue</a
      >
    </p>
    ${groupLinks}
    <details>
      <summary>Schemas</summary>
      <ul>
        ${schemas.map((name) => html`<li><a href="#schema-${name}">${name}</a></li>`)}
      </ul>
    </details>
  </nav>`;
}

/** What applies to every operation. */
const CONVENTIONS: readonly [string, string][] = [
  [
    'Credentials',
    '`Authorization: Bearer` with an access token or an API key. The credential determines the organization.',
  ],
  ['Names and units', 'JSON in camelCase; times in ISO 8601 UTC; durations in seconds, sizes in bytes.'],
  [
    'Refusals',
    'Always `application/problem+json` (RFC 9457) with a stable `code`, a `requestId` and a pointer to each invalid field.',
  ],
  ['Lists', '`?limit=` from 1 to 100 and an opaque `?cursor=`; the response is `{data, nextCursor}`.'],
  [
    'Idempotency',
    '`Idempotency-Key`: a repeated request with the same key and body within 24 hours gets the first response again, with `Idempotent-Replayed: true`.',
  ],
  [
    'Concurrent changes',
    'Resources have an `ETag`. Send it as `If-Match`, and a write to a changed resource is refused with 412.',
  ],
  [
    'Limits',
    '`RateLimit-Policy` and `RateLimit` on every response; on 429 `Retry-After` says when to retry.',
  ],
  ['Tracing', 'A well-formed `X-Request-Id` or `traceparent` is used and returned.'],
  [
    'Versions',
    'Within v1 the API only grows. A deprecated operation announces its end in `Deprecation` and `Sunset`.',
  ],
];

const renderConventions = () =>
  html`<h2 id="conventions">Conventions</h2>
    <div class="scroll">
      <table>
        <tbody>
          ${CONVENTIONS.map(
            ([name, text]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${renderInlineCode(text)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`;

const renderSchemas = (schemas: readonly [string, OpenApiSchema][]) =>
  html`<section aria-labelledby="schemas">
    <h2 id="schemas">Schemas</h2>
    ${schemas.map(
      ([name, schema]) =>
        html`<article id="schema-${name}" aria-labelledby="schema-${name}-title">
          <h3 id="schema-${name}-title">${name}</h3>
          ${schema.properties && schema.description && html`<p>${renderInlineCode(schema.description)}</p>`}
          ${renderSchema(schema)}
        </article> `,
    )}
  </section>`;

/** The whole API reference on one page, so that the browser's search finds everything. */
export function buildReferencePage(document: OpenApiDocument): HtmlPage {
  const endpoints = listEndpoints(document);
  const groups = Map.groupBy(endpoints, ({ operation }) => operation.tags[0] ?? 'Other');
  const schemas = Object.entries(document.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  const catalogue = new Map(document['x-error-catalogue'].map((entry) => [entry.code, entry]));
  const names = schemas.map(([name]) => name);
  const body = html`<div class="frame">
    ${renderContents(groups, names)}
    <main id="content">
      <h1>${document.info.title} API</h1>
      <p class="soft">
        ${document.info.description}. Version ${document.info.version}, at
        <code>${document.servers[0]?.url}</code>.
      </p>
      ${renderConventions()}
      ${[...groups].map(
        ([tag, tagEndpoints]) =>
          html`<section aria-labelledby="${tagAnchor(tag)}">
            <h2 id="${tagAnchor(tag)}">${tag}</h2>
            ${tagEndpoints.map((endpoint) => renderOperation(endpoint, catalogue))}
          </section> `,
      )}
      ${renderSchemas(schemas)}
    </main>
  </div>`;
  return { title: `${document.info.title} API reference`, body };
}
