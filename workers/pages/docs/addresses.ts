/** The parts of the OpenAPI document that addresses within the page are made of. */
export interface ApiDocument extends Record<string, unknown> {
  paths: Record<string, Record<string, { operationId?: string; tags?: string[] }>>;
}

/** `Breakout rooms` becomes `breakout-rooms`. */
export const tagSlug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/**
 * The address of an operation within the page, for a link that names the operation alone.
 * @param hash `#createRoom`
 * @returns `#tag/rooms/createRoom`; undefined when no operation has this id
 */
export function findOperationHash({ paths }: ApiDocument, hash: string): string | undefined {
  const operationId = hash.slice(1);
  const operation = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .find((each) => each.operationId === operationId);
  return operation?.tags?.[0] && `#tag/${tagSlug(operation.tags[0])}/${operationId}`;
}
