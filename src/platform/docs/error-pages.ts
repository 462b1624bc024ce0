import { html, type Html, renderInlineCode } from './html.ts';
import type { ErrorCatalogueEntry, OpenApiDocument } from './openapi-types.ts';
import { listEndpoints } from './render-operation.ts';
import type { HtmlPage } from './render-page.ts';

/** What a caller can do about a refusal, by its status: the same for every code that has it. */
const ADVICE: Readonly<Record<number, string>> = {
  400: 'Correct the request; `errors[]` points at each field that is wrong. Sent again as it is, it is refused again.',
  401: 'Sign in again, or refresh the access token.',
  402: 'The plan does not cover this; change the plan.',
  403: 'The credential is valid and does not allow this. Ask an owner or an administrator of the organization.',
  404: 'Check the id. What belongs to another organization is answered like what does not exist.',
  405: '`Allow` names the methods that this path takes.',
  409: 'The request contradicts what is stored. Read the resource again and decide anew.',
  410: 'It is gone for good.',
  412: 'Somebody else changed it in between. Read it again, and send the new `ETag` as `If-Match`.',
  413: 'Send less at once.',
  415: 'Send `Content-Type: application/json`.',
  422: 'The request is well-formed and cannot be carried out; `detail` says why.',
  428: 'Send the header that is missing.',
  429: 'Wait for as long as `Retry-After` says.',
  500: 'A defect on our side. Name the `requestId` when you report it; trying again may help.',
  502: 'A provider failed. Try again, later each time.',
  503: 'Wait for as long as `Retry-After` says, and try again, later each time.',
  504: 'It took too long. With an `Idempotency-Key` it is safe to send a write again.',
};

const wrapInLayout = (body: Html): Html =>
  html`<main id="content" class="alone">
    <p><a href="/docs">API reference</a> · <a href="/errors">Error catalogue</a></p>
    ${body}
  </main>`;

/** Every code, by its room. */
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
                      <a href="/errors/${code}"><code>${code}</code></a>
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
      Every refusal carries one of these codes. They are stable: a code keeps its meaning and its status.
    </p>`;
  return { title: 'AuraLink error catalogue', body: wrapInLayout(html`${intro}${sections}`) };
}

/** One code: what it means, what to do, who answers it. */
export function buildErrorPage(document: OpenApiDocument, entry: ErrorCatalogueEntry): HtmlPage {
  const endpoints = listEndpoints(document);
  const usages = endpoints.filter(({ operation }) => operation['x-errors'].includes(entry.code));
  const advice = ADVICE[entry.status];
  const list =
    usages.length === endpoints.length
      ? html`<p>Any operation may answer it.</p>`
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
      html`<h2>Where it comes from</h2>
        ${list}`
    }`;
  return { title: `${entry.code} · AuraLink`, body: wrapInLayout(body) };
}
