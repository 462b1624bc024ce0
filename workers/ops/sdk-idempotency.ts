interface DescribedOperation {
  operationId?: string;
  parameters?: { name?: string }[];
}

/** The operations that take an `Idempotency-Key`. */
function listIdempotent(document: object): Set<string> {
  const { paths } = document as { paths: Record<string, Record<string, DescribedOperation>> };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const takesKey = ({ parameters = [] }: DescribedOperation) =>
    parameters.some(({ name }) => name === 'Idempotency-Key');
  return new Set(operations.filter(takesKey).map(({ operationId }) => operationId!));
}

const OPERATION = /^export const (\w+) = <[\s\S]*?^\}\);$/gm;

function addKey(operation: string, options: string): string {
  const key = `'Idempotency-Key': newIdempotencyKey()`;
  if (operation.includes('    headers: {\n'))
    return operation.replace('    headers: {\n', `    headers: {\n        ${key},\n`);
  return operation.replace(
    `    ...${options}\n});`,
    `    ...${options},\n    headers: {\n        ${key},\n        ...${options}?.headers\n    }\n});`,
  );
}

/**
 * Gives each operation that takes an `Idempotency-Key` a new one for each call, unless the caller gives one, so that a
 * request whose answer was lost can be repeated.
 * @param source the operations as they were generated
 * @throws Error when the generated text has another form than is known
 */
export function addIdempotencyKeys(source: string, document: object): string {
  const idempotent = listIdempotent(document);
  const changed = source.replaceAll(OPERATION, (operation: string, name: string) => {
    if (!idempotent.has(name)) return operation;
    const withKey = addKey(operation, 'options');
    if (withKey === operation) throw new Error(`no Idempotency-Key could be added to ${name}`);
    idempotent.delete(name);
    return withKey;
  });
  if (idempotent.size > 0) throw new Error(`operations were not found: ${[...idempotent].join(', ')}`);
  return `import { newIdempotencyKey } from '../idempotency-key.ts';\n${changed}`;
}
