import { html, type Html } from '../http/index.ts';
import { renderInlineCode, renderParagraphs } from './html.ts';
import type {
  OpenApiContent,
  ErrorCatalogueEntry,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
} from './openapi-types.ts';
import { renderNotes, renderSchema, renderType } from './render-schema.ts';

const formatJson = (value: unknown) => JSON.stringify(value, null, 2);

export interface ApiEndpoint {
  method: string;
  path: string;
  operation: OpenApiOperation;
}

/** Every operation of the document, in order. */
export function listEndpoints(document: OpenApiDocument): ApiEndpoint[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
}

const ACCESS_LABELS: Readonly<Record<string, string>> = {
  user: 'any signed-in user',
  credential: 'any valid credential',
  public: 'no credential required',
  operator: "the platform's operator",
};

function renderFacts(operation: OpenApiOperation): Html {
  const { 'x-access': access, 'x-limit': limit, 'x-body-limit-bytes': body } = operation;
  const accessLabel = access.permission
    ? html`<code>${access.permission}</code>`
    : html`${ACCESS_LABELS[access.kind]}`;
  return html`<dl class="facts">
    <div>
      <dt>${access.permission ? 'Permission' : 'Access'}</dt>
      <dd>${accessLabel}</dd>
    </div>
    <div>
      <dt>Rate limit</dt>
      <dd>${limit}</dd>
    </div>
    <div>
      <dt>Time limit</dt>
      <dd>${operation['x-time-limit-seconds']} s</dd>
    </div>
    ${
      body !== undefined &&
      html`<div>
        <dt>Body</dt>
        <dd>at most ${body / 1024} KiB</dd>
      </div>`
    }
  </dl>`;
}

function renderParameters(parameters: readonly OpenApiParameter[]): Html {
  return html`<h4>Parameters</h4>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">In</th>
            <th scope="col">Type</th>
            <th scope="col">Required</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          ${parameters.map(
            (parameter) =>
              html`<tr>
                <td><code>${parameter.name}</code></td>
                <td>${parameter.in}</td>
                <td>${renderType(parameter.schema)}</td>
                <td>${parameter.required ? 'yes' : 'no'}</td>
                <td>${renderNotes({ description: parameter.description, ...parameter.schema })}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`;
}

function renderContent(type: string, { schema, example }: OpenApiContent): Html {
  if (type !== 'application/json') return html`<p class="soft">${type}</p>`;
  return html`${renderSchema(schema)}${
    example !== undefined &&
    html`<details>
      <summary>Example</summary>
      <pre tabindex="0"><code>${formatJson(example)}</code></pre>
    </details>`
  }`;
}

function renderResponses(operation: OpenApiOperation): Html[] {
  return Object.entries(operation.responses)
    .filter(([status, { content }]) => Number(status) < 400 || content?.['application/json'])
    .map(
      ([status, { description, content = {} }]) =>
        html`<h4>Answer ${status}</h4>
          <p>${renderInlineCode(description.split('; `')[0] ?? '')}</p>
          ${Object.entries(content)
            .filter(([type]) => type !== 'application/problem+json')
            .map(([type, each]) => renderContent(type, each))}`,
    );
}

function renderErrors(
  operation: OpenApiOperation,
  catalogue: ReadonlyMap<string, ErrorCatalogueEntry>,
): Html {
  const entries = operation['x-errors'].flatMap((code) => catalogue.get(code) ?? []);
  const rows = entries
    .toSorted((a, b) => a.status - b.status)
    .map(
      ({ code, status, title }) =>
        html`<tr>
          <td>${status}</td>
          <td>
            <a href="/errors/${code}"><code>${code}</code></a>
          </td>
          <td>${title}</td>
        </tr> `,
    );
  return html`<details>
    <summary>Errors (${entries.length})</summary>
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
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** Renders one operation: access, parameters, body, responses and errors. */
export function renderOperation(
  { method, path, operation }: ApiEndpoint,
  catalogue: ReadonlyMap<string, ErrorCatalogueEntry>,
): Html {
  const { parameters = [], requestBody, 'x-deprecation': deprecation } = operation;
  // The last paragraph names the required access, which the list of facts shows too.
  const description = operation.description.split('\n\n').slice(0, -1).join('\n\n');
  return html`<article id="${operation.operationId}" aria-labelledby="${operation.operationId}-title">
    <h3 id="${operation.operationId}-title">
      <span class="method ${method}">${method}</span> <span class="path">${path}</span>
    </h3>
    <p>${operation.summary}</p>
    ${deprecation && html`<p class="warn">Deprecated since ${deprecation.since.slice(0, 10)}, works until ${deprecation.sunset.slice(0, 10)}: <a href="${deprecation.link}">what to use instead</a></p>`}
    ${description !== '' && renderParagraphs(description)} ${renderFacts(operation)}
    ${parameters.length > 0 && renderParameters(parameters)}
    ${
      requestBody &&
      html`<h4>Body</h4>
        ${Object.entries(requestBody.content).map(([type, each]) => renderContent(type, each))}`
    }
    ${renderResponses(operation)} ${renderErrors(operation, catalogue)}
  </article> `;
}
