import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { authErrors } from '../../platform/core/index.ts';
import { accountErrors } from './accounts.errors.ts';
import {
  continueSession,
  findRefreshToken,
  findSession,
  findUser,
  listMemberships,
  revokeSession,
  type Session,
  useAllRefreshTokens,
  userIdOfRefreshToken,
  useRefreshToken,
} from './accounts.queries.ts';
import { chooseMembership, judgeRefreshToken, requireLive } from './accounts.rules.ts';
import { accountScope, type Grant, newGrant, provenActor, REFRESH_TOKEN_PURPOSE } from './grants.ts';

/** A copy of the token is about: the whole family ends, whoever holds which part of it. */
async function endFamily(ctx: Ctx, { id, organizationId }: Session): Promise<void> {
  await ctx.commit({
    scope: accountScope(organizationId),
    refused: true,
    write: (q) => [revokeSession(q, id, 'refresh_token_reused', new Date(ctx.clock.now()))],
    audit: organizationId
      ? [{ action: 'session.refresh_token_reused', severity: 'warning', target: { type: 'session', id } }]
      : [],
    result: undefined,
  });
}

/** The session goes on as long as its newest refresh token. */
const continued = (ctx: Ctx, organizationId: string | null) => ({
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
    (q) => [findRefreshToken(q, tokenHash), listMemberships(q, userIdOfRefreshToken(tokenHash))],
    systemScope,
  );
  if (!found) throw accountErrors.refreshTokenInvalid();
  const { token, session, user } = found;
  if (judgeRefreshToken(token, session, ctx.clock.now()) === 'reused') {
    await endFamily(ctx, session);
    throw accountErrors.refreshTokenReused();
  }
  const membership = chooseMembership(memberships, session.organizationId);
  const { grant, store } = await newGrant(ctx, { user, sessionId: session.id, membership });
  const set = continued(ctx, membership?.organizationId ?? null);
  return ctx.commit({
    scope: accountScope(set.organizationId),
    actor: provenActor(user.id, session.id, membership),
    write: (q) => [
      continueSession(q, session, set, accountErrors.refreshTokenInvalid),
      useRefreshToken(q, token, set.updatedAt, accountErrors.refreshInProgress),
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
      findSession(q, actor.userId, actor.sessionId),
      findUser(q, actor.userId),
      listMemberships(q, actor.userId),
    ],
    systemScope,
  );
  const session = requireLive(found, ctx.clock.now());
  const membership = memberships.find((each) => each.organizationId === organizationId);
  if (!membership || !user) throw accountErrors.notAMember();
  const { grant, store } = await newGrant(ctx, { user, sessionId: session.id, membership });
  const set = continued(ctx, organizationId);
  return ctx.commit({
    scope: accountScope(organizationId),
    write: (q) => [
      continueSession(q, session, set, accountErrors.sessionEnded),
      useAllRefreshTokens(q, session.id, set.updatedAt),
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
