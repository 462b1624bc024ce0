import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import {
  type ActiveMembership,
  auditedOrganization,
  chooseMembership,
  selectActiveMemberships,
} from '../members/index.ts';
import {
  createGrant,
  createUserActor,
  type SessionGrant,
  REFRESH_TOKEN_PURPOSE,
  sessionExtension,
} from './create-grant.ts';
import { sessionErrors } from './sessions.errors.ts';
import { sessionEnded } from './sessions.events.ts';
import {
  consumeRefreshToken,
  extendSession,
  revokeSession,
  selectRefreshToken,
  type Session,
  userIdOfRefreshToken,
} from './sessions.queries.ts';
import { checkRefreshToken } from './sessions.rules.ts';

/** The token was copied: the session ends for the user and the thief alike, as they cannot be distinguished. */
async function revokeTokenFamily(
  ctx: Ctx,
  { id, userId, organizationId: sessionOrganizationId }: Session,
  memberships: readonly ActiveMembership[],
): Promise<void> {
  const organizationId = auditedOrganization(memberships, sessionOrganizationId);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    skipIdempotencyRecord: true,
    write: (q) => [revokeSession(q, id, 'refresh_token_reused', new Date(ctx.clock.now()))],
    audit: organizationId
      ? [{ action: 'session.refresh_token_reused', severity: 'warning', target: { type: 'session', id } }]
      : [],
    events: [sessionEnded.of({ userId, sessionId: id })],
    result: undefined,
  });
}

/**
 * Exchanges a refresh token for the next one and a new access token. They are for the session's organization if the
 * user is still an active member of it, otherwise for another one.
 * @throws AppError `accounts.refresh_token_invalid`, `accounts.refresh_in_progress` or, after ending the session,
 * `accounts.refresh_token_reused`
 */
export async function refreshSession(ctx: Ctx, refreshToken: string): Promise<SessionGrant> {
  const tokenHash = await ctx.hasher.hash(REFRESH_TOKEN_PURPOSE, refreshToken);
  const [[found], memberships] = await ctx.read(
    (q) => [selectRefreshToken(q, tokenHash), selectActiveMemberships(q, userIdOfRefreshToken(tokenHash))],
    systemScope,
  );
  if (!found) throw sessionErrors.refreshTokenInvalid();
  const { token, session, user } = found;
  if (checkRefreshToken(token, session, ctx.clock.now()) === 'reused') {
    await revokeTokenFamily(ctx, session, memberships);
    throw sessionErrors.refreshTokenReused();
  }
  const membership = chooseMembership(memberships, session.organizationId);
  const { grant, store } = await createGrant(ctx, { user, sessionId: session.id, membership });
  const set = sessionExtension(ctx, membership?.organizationId ?? null);
  return ctx.commit({
    scope: systemScopeOf(set.organizationId),
    actor: createUserActor(user.id, session.id, membership),
    write: (q) => [
      extendSession(q, session, set, sessionErrors.refreshTokenInvalid),
      consumeRefreshToken(q, token, set.updatedAt, sessionErrors.refreshInProgress),
      store(q),
    ],
    result: grant,
  });
}
