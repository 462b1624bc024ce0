import type { Ctx } from '../../kernel/context/index.ts';
import { diffFields, requireVersion } from '../../kernel/core/index.ts';
import { accountErrors } from './accounts.errors.ts';
import { changeUser, selectUser, type User } from './accounts.queries.ts';
import type { UpdateUser } from './accounts.schemas.ts';
import { systemScopeOf } from './create-grant.ts';
import { requireUser } from './end-session.ts';

/** @throws AppError `accounts.user_not_found` when the person has been erased since the token was made */
export async function getMe(ctx: Ctx): Promise<User> {
  const { userId } = requireUser(ctx);
  const [[user]] = await ctx.read((q) => [selectUser(q, userId)]);
  if (!user) throw accountErrors.userNotFound();
  return user;
}

/**
 * Changes what is named and leaves the rest. Said in the organization the credential is for, if any.
 * @throws AppError `accounts.user_not_found` or `request.stale`
 */
export async function updateMe(ctx: Ctx, input: UpdateUser, ifMatch: number | undefined): Promise<User> {
  const user = await getMe(ctx);
  requireVersion(user, ifMatch);
  const { organizationId } = requireUser(ctx);
  const set = { ...input, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [changeUser(q, user, set)],
    audit: organizationId
      ? [{ action: 'user.updated', target: { type: 'user', id: user.id }, ...diffFields(user, input) }]
      : [],
    events: [{ type: 'user.updated', key: user.id, payload: { userId: user.id } }],
    result: { ...user, ...set, version: user.version + 1 },
  });
}
