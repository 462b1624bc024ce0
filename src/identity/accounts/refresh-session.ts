import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { authErrors } from '../../kernel/core/index.ts';
import { accountErrors } from './accounts.errors.ts';
import {
  extendSession,
  selectRefreshToken,
  selectSession,
  selectUser,
  selectActiveMemberships,
  revokeSession,
  type Session,
  consumeAllRefreshTokens,
  userIdOfRefreshToken,
  consumeRefreshToken,
} from './accounts.queries.ts';
import { chooseMembership, checkRefreshToken, requireActiveSession } from './accounts.rules.ts';
import {
  systemScopeOf,
  type Grant,
  createGrant,
  createUserActor,
  REFRESH_TOKEN_PURPOSE,
} from './create-grant.ts';

/** A copy of the token is about: the whole family ends, whoever holds which part of it. */
async function revokeTokenFamily(ctx: Ctx, { id, organizationId }: Session): Promise<void> {
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    skipIdempotencyRecord: true,
    write: (q) => [revokeSession(q, id, 'refresh_token_reused', new Date(ctx.clock.now()))],
    audit: organizationId
      ? [{ action: 'session.refresh_token_reused', severity: 'warning', target: { type: 'session', id } }]
      : [],
    result: undefined,
  });
}

/** The session goes on as long as its newest refresh token. */
const sessionExtension = (ctx: Ctx, organizationId: string | null) => ({
  organizationId,
  updatedAt: new Date(ctx.clock.now()),
  expiresAt: new Date(ctx.clock.now() + ctx.config.REFRESH_TOKEN_SECONDS * 1000),
});

/**
 * Exchanges a refresh token for the next one and a new access token, for the session's organization as long as the
 * person is an active member there.
 * @throws AppError `accounts.refresh_token_invalid`, `accounts.refresh_in_progress` or, with the end of the session,
 * `accounts.refresh_token_reused`
 */
export async function refreshSession(ctx: Ctx, refreshToken: string): Promise<Grant> {
  const tokenHash = await ctx.hasher.hash(REFRESH_TOKEN_PURPOSE, refreshToken);
  const [[found], memberships] = await ctx.read(
    (q) => [selectRefreshToken(q, tokenHash), selectActiveMemberships(q, userIdOfRefreshToken(tokenHash))],
    systemScope,
  );
  if (!found) throw accountErrors.refreshTokenInvalid();
  const { token, session, user } = found;
  if (checkRefreshToken(token, session, ctx.clock.now()) === 'reused') {
    await revokeTokenFamily(ctx, session);
    throw accountErrors.refreshTokenReused();
  }
  const membership = chooseMembership(memberships, session.organizationId);
  const { grant, store } = await createGrant(ctx, { user, sessionId: session.id, membership });
  const set = sessionExtension(ctx, membership?.organizationId ?? null);
  return ctx.commit({
    scope: systemScopeOf(set.organizationId),
    actor: createUserActor(user.id, session.id, membership),
    write: (q) => [
      extendSession(q, session, set, accountErrors.refreshTokenInvalid),
      consumeRefreshToken(q, token, set.updatedAt, accountErrors.refreshInProgress),
      store(q),
    ],
    result: grant,
  });
}

/**
 * Continues the caller's session in another organization. The refresh token is exchanged with it.
 * @throws AppError `accounts.not_a_member` also for an organization that does not exist, `accounts.session_ended`
 */
export async function switchOrganization(ctx: Ctx, organizationId: string): Promise<Grant> {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw authErrors.forbidden();
  const [[found], [user], memberships] = await ctx.read(
    (q) => [
      selectSession(q, actor.userId, actor.sessionId),
      selectUser(q, actor.userId),
      selectActiveMemberships(q, actor.userId),
    ],
    systemScope,
  );
  const session = requireActiveSession(found, ctx.clock.now());
  const membership = memberships.find((each) => each.organizationId === organizationId);
  if (!membership || !user) throw accountErrors.notAMember();
  const { grant, store } = await createGrant(ctx, { user, sessionId: session.id, membership });
  const set = sessionExtension(ctx, organizationId);
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      extendSession(q, session, set, accountErrors.sessionEnded),
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
