const KEY_PART = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * The key of an object: its kind, the organization it belongs to, and what tells it apart from the others. Erasing an
 * organization means deleting `<kind>/<organizationId>/` for every kind.
 * @throws Error when a part could step out of its folder
 */
export function objectKey(kind: string, organizationId: string, ...rest: [string, ...string[]]): string {
  const parts = [kind, organizationId, ...rest];
  const invalidPart = parts.find((part) => !KEY_PART.test(part));
  if (invalidPart !== undefined) throw new Error(`not a part of an object key: ${invalidPart}`);
  return parts.join('/');
}
