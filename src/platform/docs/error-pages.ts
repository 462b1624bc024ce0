import { html, type Html } from '../http/index.ts';
import { type ErrorCatalogueEntry, listEndpoints, type OpenApiDocument } from './openapi-document.ts';
import type { HtmlPage } from './render-page.ts';

/** What a caller can do about an error, by its status. */
const ADVICE: Readonly<Record<number, string>> = {
  400: 'Correct the request; `errors[]` points at each invalid field. The same request will fail again.',
  401: 'Sign in again, or refresh the access token.',
  402: 'The plan does not include this. Upgrade the plan.',
  403: 'The credential is valid but lacks the permission. Ask an owner or an administrator of the organization.',
  404: 'Check the id. A resource of another organization is answered as not found.',
  405: 'Use a method that the `Allow` header lists.',
  409: 'The request conflicts with the current state. Read the resource again and repeat the request if it still applies.',
  410: 'The resource no longer exists and will not return.',
  411: 'The request does not say how long its body is. Send it with a Content-Length.',
  412: 'The resource has changed since you read it. Read it again and send the new `ETag` as `If-Match`.',
  413: 'Send a smaller body.',
  415: 'Send `Content-Type: application/json`.',
  422: 'The request is well-formed but cannot be carried out; `detail` says why.',
  428: 'Send the missing header.',
  429: 'Wait for the seconds in `Retry-After`, then repeat the request.',
  500: 'A defect of the service. Report it with the `requestId`; a retry may help.',
  502: 'A provider failed. Retry with increasing delays.',
  503: 'Wait for the seconds in `Retry-After`, then retry with increasing delays.',
  504: 'The request took too long. With an `Idempotency-Key` it is safe to repeat a write.',
};

/** A code that may be broken into lines after each of its words. */
const breakableCode = (code: string): Html =>
  html`<code>${code.split(/(?<=[._])/).map((word) => html`${word}<wbr />`)}</code>`;

/** Text with its `code` marked up. */
const renderInlineCode = (text: string): Html[] =>
  text.split('`').map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`));

const wrapInLayout = (body: Html): Html =>
  html`<main id="content">
    <p><a href="/docs">API reference</a> · <a href="/errors">Error catalogue</a></p>
    ${body}
  </main>`;

/** A page of all error codes, grouped by module. */
export function buildCataloguePage(document: OpenApiDocument): HtmlPage {
  const groups = Map.groupBy(document['x-error-catalogue'], ({ code }) => code.split('.')[0]!);
  const sections = [...groups].map(
    ([moduleName, entries]) =>
      html`<h2 id="${moduleName}">${moduleName}</h2>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Code</th>
                <th scope="col">Meaning</th>
              </tr>
            </thead>
            <tbody>
              ${entries.map(
                ({ code, status, title }) =>
                  html`<tr>
                    <td>${status}</td>
                    <td>
                      <a href="/errors/${code}">${breakableCode(code)}</a>
                    </td>
                    <td>${title}</td>
                  </tr> `,
              )}
            </tbody>
          </table>
        </div> `,
  );
  const intro = html`<h1>Error catalogue</h1>
    <p>
      Every error response has one of these codes. They are stable: a code keeps its meaning and its status.
    </p>`;
  return { title: 'AuraLink error catalogue', body: wrapInLayout(html`${intro}${sections}`) };
}

/** A page about one error code: its meaning, what to do, and the operations that answer it. */
export function buildErrorPage(document: OpenApiDocument, entry: ErrorCatalogueEntry): HtmlPage {
  const endpoints = listEndpoints(document);
  const usages = endpoints.filter(({ operation }) => operation['x-errors'].includes(entry.code));
  const advice = ADVICE[entry.status];
  const list =
    usages.length === endpoints.length
      ? html`<p>Any operation can answer with it.</p>`
      : html`<ul>
          ${usages.map(
            ({ method, path, operation }) =>
              html`<li>
                <a href="/docs#${operation.operationId}"
                  ><span class="method ${method}">${method}</span> <span class="path">${path}</span></a
                >
              </li> `,
          )}
        </ul>`;
  const body = html`<h1><code>${entry.code}</code></h1>
    <p><strong>${entry.status}</strong> ${entry.title}.</p>
    ${
      advice &&
      html`<h2>What to do</h2>
        <p>${renderInlineCode(advice)}</p>`
    }
    ${
      usages.length > 0 &&
      html`<h2>Operations</h2>
        ${list}`
    }`;
  return { title: `${entry.code} · AuraLink`, body: wrapInLayout(body) };
}
