import type { Ctx } from './context.ts';

/**
 * The same request as the system's: for what follows an answer from outside, which stands whatever has become of the actor's rights
 * meanwhile. An audit entry names the actor (`actor` of the commit).
 */
export const asSystem = (ctx: Ctx, name: string): Ctx =>
  ctx.as({ kind: 'system', name, organizationId: ctx.organizationId });
