import type { Actor } from './actor.ts';
import { authErrors } from './core.errors.ts';

/**
 * The resources that permissions are about, and the actions on each. The module that owns a resource adds it, beside
 * its routes:
 *
 *     declare module '../../kernel/core/permissions.ts' {
 *       interface PermissionActions {
 *         polls: 'read' | 'write';
 *       }
 *     }
 */
// eslint-disable-next-line typescript/no-empty-object-type
export interface PermissionActions {}

type Resource = keyof PermissionActions;

/**
 * A permission that an operation needs: `rooms:write`. A resource or an action that no module declares does not
 * compile.
 */
export type Permission = { [R in Resource]: `${R}:${PermissionActions[R]}` }[Resource];

/** A grant of a role or an API key: a permission, all actions on a resource (`rooms:*`), or everything (`*:*`). */
export type PermissionGrant = Permission | `${Resource}:*` | '*:*';

/**
 * Whether one of the grants covers the needed permission. `*` stands for every resource or every action, and `write`
 * implies `read`; nothing else is implied.
 */
export function permits(granted: readonly PermissionGrant[], needed: PermissionGrant): boolean {
  const [resource, action] = needed.split(':') as [string, string];
  return granted.some((grant) => {
    const [grantedResource, grantedAction] = grant.split(':');
    return (
      (grantedResource === '*' || grantedResource === resource) &&
      (grantedAction === '*' || grantedAction === action || (grantedAction === 'write' && action === 'read'))
    );
  });
}

/**
 * Refuses an actor without the permission. A route states the same permission in its contract; the verb repeats it, so
 * that it holds for a socket, a subscriber and a tool call as well.
 * @throws AppError `auth.forbidden`
 */
export function requirePermission(actor: Actor, needed: Permission): void {
  if (!('permissions' in actor) || !permits(actor.permissions, needed))
    throw authErrors.forbidden({ detail: `needs ${needed}` });
}
