import type { Ctx } from './context.ts';

/**
 * The same request in the system's name: for steps after an answer from outside, which is valid even if the actor has
 * lost their rights since. An audit entry names the actor (`actor` of the commit).
 */
export const asSystem = (ctx: Ctx, name: string): Ctx =>
  ctx.as({ kind: 'system', name, organizationId: ctx.organizationId });
