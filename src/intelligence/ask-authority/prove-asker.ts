import { permissionsOfRole } from '../../identity/access/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { openCtx, type Services } from '../../kernel/context/index.ts';
import { type Actor, requirePermission } from '../../kernel/core/index.ts';
import { selectMembership } from '../../identity/members/index.ts';
import { selectPlatformModels } from '../models/index.ts';

/** The actor without what a token stated about role and plan, because both may change while a model is asked. */
const withoutStatements = (actor: Actor): Actor =>
  actor.kind === 'user' ? { ...actor, role: null, plan: null } : actor;

/**
 * Proves that a caller may still ask.
 * @param isOnPlatformKey whether the plan must include it
 * @throws AppError `auth.*` or `billing.feature_not_included` when not
 */
export async function proveAsker(
  services: Services,
  asker: Actor,
  { isOnPlatformKey }: { isOnPlatformKey: boolean },
): Promise<void> {
  const ctx = openCtx(services, {
    actor: withoutStatements(asker),
    keepAlive: () => undefined,
    onEvents: () => undefined,
  });
  const { organizationId } = ctx;
  const userId = asker.kind === 'user' ? asker.userId : '';
  const [[member], { rows: features }] = await ctx.read((q) => [
    selectMembership(q, organizationId, userId),
    selectPlatformModels(q, { organizationId, now: new Date(ctx.clock.now()) }),
  ]);
  if (asker.kind === 'user')
    requirePermission({ ...asker, permissions: permissionsOfRole(member?.role ?? null) }, 'ai:write');
  if (isOnPlatformKey && !features[0]!.included) throw entitlementErrors.featureNotIncluded();
}
