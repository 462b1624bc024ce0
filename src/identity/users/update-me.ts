import { type Ctx, requireUser, systemScopeOf } from '../../kernel/context/index.ts';
import { diffFields, type IfMatch, mergeMetadata, requireVersion } from '../../kernel/core/index.ts';
import { auditedOrganization, selectActiveMemberships } from '../members/index.ts';
import { userErrors } from './users.errors.ts';
import { changeUser, selectUser, type User } from './users.queries.ts';
import type { UpdateUser } from './users.schemas.ts';
import { userUpdated } from './users.events.ts';

/** @throws AppError `accounts.user_not_found` when the account was erased after the token was issued */
export async function getMe(ctx: Ctx): Promise<User> {
  const { userId } = requireUser(ctx);
  const [[user]] = await ctx.read((q) => [selectUser(q, userId)]);
  if (!user) throw userErrors.userNotFound();
  return user;
}

/**
 * Changes the given fields of the caller's account and keeps the others. The audit entry goes to an organization of which
 * the caller is an active member, if there is one.
 * @param ifMatch the version the caller has seen; undefined to change any version
 * @throws AppError `accounts.user_not_found` or `request.stale`
 */
export async function updateMe(ctx: Ctx, input: UpdateUser, ifMatch: IfMatch): Promise<User> {
  const { userId, organizationId: credentialOrganizationId } = requireUser(ctx);
  const [[user], memberships] = await ctx.read((q) => [
    selectUser(q, userId),
    selectActiveMemberships(q, userId),
  ]);
  if (!user) throw userErrors.userNotFound();
  requireVersion(user, ifMatch);
  const organizationId = auditedOrganization(memberships, credentialOrganizationId);
  const { metadata, ...plain } = input;
  const change = { ...plain, ...mergeMetadata(user.metadata, metadata) };
  const set = { ...change, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [changeUser(q, user, set)],
    audit: organizationId
      ? [{ action: 'user.updated', target: { type: 'user', id: user.id }, ...diffFields(user, change) }]
      : [],
    events: [userUpdated.of({ userId: user.id })],
    result: { ...user, ...set, version: user.version + 1 },
  });
}
