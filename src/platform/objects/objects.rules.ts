const KEY_PART = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * The key of an object: its kind, its organization, and the parts that identify it. With its organization go
 * the kinds that `eraseObjectsOf` names.
 * @throws Error when a part is not a plain name, such as `..`
 */
export function objectKey(kind: string, organizationId: string, ...rest: [string, ...string[]]): string {
  const parts = [kind, organizationId, ...rest];
  const invalidPart = parts.find((part) => !KEY_PART.test(part));
  if (invalidPart !== undefined) throw new Error(`invalid part of an object key: ${invalidPart}`);
  return parts.join('/');
}
