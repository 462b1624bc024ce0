import { html, type Html, inline, prose } from './html.ts';
import type { Content, ErrorEntry, OpenApi, Operation, Parameter } from './openapi-types.ts';
import { notesOf, schemaView, typeOf } from './schema-view.ts';

const json = (value: unknown) => JSON.stringify(value, null, 2);

export interface Endpoint {
  method: string;
  path: string;
  operation: Operation;
}

/** Every operation of the document, in its order. */
export function endpointsOf(document: OpenApi): Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
}

const WHO: Readonly<Record<string, string>> = {
  user: 'any signed-in person',
  credential: 'any valid credential',
  public: 'no credential needed',
  operator: "the platform's operator",
};

function factsOf(operation: Operation): Html {
  const { 'x-access': access, 'x-limit': limit, 'x-body-limit-bytes': body } = operation;
  const who = access.permission ? html`<code>${access.permission}</code>` : html`${WHO[access.kind]}`;
  return html`<dl class="facts">
    <div>
      <dt>${access.permission ? 'Permission' : 'Access'}</dt>
      <dd>${who}</dd>
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

function parametersOf(parameters: readonly Parameter[]): Html {
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
                <td>${typeOf(parameter.schema)}</td>
                <td>${parameter.required ? 'yes' : 'no'}</td>
                <td>${notesOf({ description: parameter.description, ...parameter.schema })}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`;
}

function contentView(type: string, { schema, example }: Content): Html {
  if (type !== 'application/json') return html`<p class="soft">${type}</p>`;
  return html`${schemaView(schema)}${
    example !== undefined &&
    html`<details>
      <summary>Example</summary>
      <pre tabindex="0"><code>${json(example)}</code></pre>
    </details>`
  }`;
}

function answersOf(operation: Operation): Html[] {
  return Object.entries(operation.responses)
    .filter(([status, { content }]) => Number(status) < 400 || content?.['application/json'])
    .map(
      ([status, { description, content = {} }]) =>
        html`<h4>Answer ${status}</h4>
          <p>${inline(description.split('; `')[0] ?? '')}</p>
          ${Object.entries(content)
            .filter(([type]) => type !== 'application/problem+json')
            .map(([type, each]) => contentView(type, each))}`,
    );
}

function errorsOf(operation: Operation, catalogue: ReadonlyMap<string, ErrorEntry>): Html {
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
    <summary>Refusals (${entries.length})</summary>
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

/** One operation: who may call it, what it takes, what it answers, how it refuses. */
export function operationView(
  { method, path, operation }: Endpoint,
  catalogue: ReadonlyMap<string, ErrorEntry>,
): Html {
  const { parameters = [], requestBody, 'x-deprecation': deprecation } = operation;
  // The last paragraph says who may call it, which the facts say too.
  const description = operation.description.split('\n\n').slice(0, -1).join('\n\n');
  return html`<article id="${operation.operationId}" aria-labelledby="${operation.operationId}-title">
    <h3 id="${operation.operationId}-title">
      <span class="method ${method}">${method}</span> <span class="path">${path}</span>
    </h3>
    <p>${operation.summary}</p>
    ${deprecation && html`<p class="warn">Deprecated since ${deprecation.since.slice(0, 10)}, answers until ${deprecation.sunset.slice(0, 10)}: <a href="${deprecation.link}">what to use instead</a></p>`}
    ${description !== '' && prose(description)} ${factsOf(operation)}
    ${parameters.length > 0 && parametersOf(parameters)}
    ${
      requestBody &&
      html`<h4>Body</h4>
        ${Object.entries(requestBody.content).map(([type, each]) => contentView(type, each))}`
    }
    ${answersOf(operation)} ${errorsOf(operation, catalogue)}
  </article> `;
}
