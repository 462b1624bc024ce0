import { type Ctx, requireSession, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { selectActiveMemberships } from '../members/index.ts';
import { selectUser } from '../users/index.ts';
import { createGrant, type SessionGrant, sessionExtension } from './create-grant.ts';
import { sessionErrors } from './sessions.errors.ts';
import { consumeAllRefreshTokens, extendSession, selectSession } from './sessions.queries.ts';
import { requireActiveSession } from './sessions.rules.ts';

/**
 * Continues the caller's session in another organization and replaces its refresh token.
 * @throws AppError `accounts.not_a_member` also for an organization that does not exist; `accounts.session_ended`
 */
export async function switchOrganization(ctx: Ctx, organizationId: string): Promise<SessionGrant> {
  const { userId, sessionId } = requireSession(ctx);
  const [[found], [user], memberships] = await ctx.read(
    (q) => [selectSession(q, userId, sessionId), selectUser(q, userId), selectActiveMemberships(q, userId)],
    systemScope,
  );
  const session = requireActiveSession(found, ctx.clock.now());
  const membership = memberships.find((each) => each.organizationId === organizationId);
  if (!membership || !user) throw sessionErrors.notAMember();
  const { grant, store } = await createGrant(ctx, { user, sessionId: session.id, membership });
  const set = sessionExtension(ctx, organizationId);
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      extendSession(q, session, set, sessionErrors.sessionEnded),
      consumeAllRefreshTokens(q, session.id, set.updatedAt),
      store(q),
    ],
    audit: {
      action: 'session.switched',
      target: { type: 'session', id: session.id },
      after: { organizationId },
    },
    result: grant,
  });
}
