import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import { selectOrganizationIds } from './inbox.queries.ts';

/** Sessions of the user have ended: rechecks their inbox in each organization, because a session counts in all of them. */
export async function recheckInboxesOfUser(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const [found] = await ctx.read((q) => [selectOrganizationIds(q, userId)], systemScope);
  await applyToAll(found, ({ organizationId }) => ctx.ports.inboxes.recheck(organizationId, userId));
}

/** The user's membership has ended or changed: rechecks their inbox in that organization. */
export const recheckInboxOfMember = (
  { ports }: Ctx,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<void> => ports.inboxes.recheck(organizationId, userId);
