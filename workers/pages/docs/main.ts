import { type ApiDocument, findOperationHash, tagSlug } from './addresses.ts';
import { permitStyles } from './permit-styles.ts';
import { loadScalar } from './scalar.ts';

async function readDocument(): Promise<ApiDocument> {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`/openapi.json answered ${response.status}`);
  return (await response.json()) as ApiDocument;
}

/** Shows the reference of the document that this API serves. Nothing is loaded from or sent to anywhere else. */
async function showReference(element: HTMLElement): Promise<void> {
  permitStyles(document);
  const [scalar, content] = await Promise.all([loadScalar(element.dataset.scalar!), readDocument()]);
  const hash = findOperationHash(content, location.hash);
  if (hash !== undefined) history.replaceState(null, '', hash);
  scalar.createApiReference(element, {
    content,
    generateTagSlug: ({ name = '' }) => tagSlug(name),
    generateOperationSlug: ({ operationId, method, path }) => operationId ?? `${method}${path}`,
    authentication: { preferredSecurityScheme: 'bearer' },
    orderSchemaPropertiesBy: 'preserve',
    withDefaultFonts: false,
    telemetry: false,
    showDeveloperTools: 'never',
    hideClientButton: true,
    agent: { disabled: true },
    mcp: { disabled: true },
  });
}

const element = document.querySelector<HTMLElement>('#reference')!;
showReference(element).catch((error: unknown) => {
  element.textContent = `The API reference cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
});
