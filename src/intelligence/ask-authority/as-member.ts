import { permissionsOfRole } from '../../identity/access/index.ts';
import { selectMembership } from '../../identity/members/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';

/**
 * The request with the authority that a member of the organization has now; each batch proves the membership again.
 * @returns null for a person who is not an active member
 */
export async function asMember(ctx: Ctx, userId: string | null): Promise<Ctx | null> {
  if (userId === null) return null;
  const { organizationId } = ctx;
  const [[member]] = await ctx.read((q) => [selectMembership(q, organizationId, userId)]);
  if (member?.status !== 'active') return null;
  const { role } = member;
  return ctx.as({
    kind: 'user',
    userId,
    sessionId: undefined,
    organizationId,
    role,
    plan: null,
    permissions: permissionsOfRole(role),
  });
}
