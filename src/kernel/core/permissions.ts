/** `resource:action`. In a grant either side may be `*`. */
export type Permission = `${string}:${string}`;

/**
 * Whether one of the grants covers the needed permission. `*` stands for every resource or every action, and `write`
 * implies `read`; nothing else is implied.
 */
export function permits(granted: readonly string[], needed: Permission): boolean {
  const [resource, action] = needed.split(':') as [string, string];
  return granted.some((grant) => {
    const [grantedResource, grantedAction] = grant.split(':');
    return (
      (grantedResource === '*' || grantedResource === resource) &&
      (grantedAction === '*' || grantedAction === action || (grantedAction === 'write' && action === 'read'))
    );
  });
}
