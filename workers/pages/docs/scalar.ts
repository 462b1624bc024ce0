interface OperationName {
  operationId?: string;
  method: string;
  path: string;
}

/** Our settings of Scalar: https://scalar.com/products/api-references/configuration */
interface ScalarConfiguration {
  content: Record<string, unknown>;
  generateTagSlug(tag: { name?: string }): string;
  generateOperationSlug(operation: OperationName): string;
  authentication: { preferredSecurityScheme: string };
  orderSchemaPropertiesBy: 'preserve';
  withDefaultFonts: boolean;
  telemetry: boolean;
  showDeveloperTools: 'never';
  hideClientButton: boolean;
  agent: { disabled: boolean };
  mcp: { disabled: boolean };
}

interface Scalar {
  createApiReference(element: HTMLElement, configuration: ScalarConfiguration): void;
}

declare global {
  interface Window {
    Scalar?: Scalar;
  }
}

/** Runs the script of Scalar at an address of ours. @throws Error when it cannot be loaded */
export async function loadScalar(address: string): Promise<Scalar> {
  const script = document.createElement('script');
  script.src = address;
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error(`${address} cannot be loaded`)));
    document.head.append(script);
  });
  if (!window.Scalar) throw new Error(`${address} does not define Scalar`);
  return window.Scalar;
}
