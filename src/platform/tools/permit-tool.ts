import { type Actor, permits } from '../../kernel/core/index.ts';
import type { Tool } from './tools.ts';

/** Whether the actor's permissions include what the operation of the tool requires. What it is called on may still be refused. */
export function mayCall(actor: Actor, { route: { access } }: Tool): boolean {
  if (access.kind === 'user') return actor.kind === 'user';
  if (access.kind !== 'permission') return access.kind === 'credential';
  return 'permissions' in actor && permits(actor.permissions, access.permission);
}
