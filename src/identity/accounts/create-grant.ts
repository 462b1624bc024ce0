import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, base64Url } from '../../kernel/core/index.ts';
import type { DbScope, Queries } from '../../kernel/db/index.ts';
import { permissionsOfRole, signAccessToken } from '../access/index.ts';
import { insertRefreshToken, type User } from './accounts.queries.ts';
import type { ActiveMembership } from './accounts.rules.ts';

/** What a person gets in hand when they sign in. */
export interface Grant {
  user: User;
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
}

const TOKEN_BYTES = 32;
export const REFRESH_TOKEN_PURPOSE = 'refresh';

interface GrantSubject {
  user: User;
  sessionId: string;
  membership: ActiveMembership | null;
}

/**
 * Both tokens of a session, and the statement that stores the refresh token: only its hash. The access token is good
 * for its whole life, whatever becomes of the session meanwhile; that life is short.
 */
export async function createGrant(
  ctx: Ctx,
  { user, sessionId, membership }: GrantSubject,
): Promise<{ grant: Grant; store: (q: Queries) => ReturnType<typeof insertRefreshToken> }> {
  const { ACCESS_TOKEN_SECONDS, REFRESH_TOKEN_SECONDS } = ctx.config;
  const nowMs = ctx.clock.now();
  const refreshToken = `alr_${base64Url(ctx.ids.random(TOKEN_BYTES))}`;
  const [tokenHash, accessToken] = await Promise.all([
    ctx.hasher.hash(REFRESH_TOKEN_PURPOSE, refreshToken),
    signAccessToken(ctx.signer, { userId: user.id, sessionId, membership }, ACCESS_TOKEN_SECONDS),
  ]);
  const row = {
    id: ctx.ids.create('refreshToken'),
    sessionId,
    tokenHash,
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + REFRESH_TOKEN_SECONDS * 1000),
  };
  return {
    grant: { user, accessToken, refreshToken, expiresInSeconds: ACCESS_TOKEN_SECONDS },
    store: (q) => insertRefreshToken(q, row),
  };
}

/** Sessions and credentials belong to no organization; what is said about them goes to the one given. */
export function systemScopeOf(organizationId: string | null): DbScope {
  return { role: 'system', organizationId, userId: null };
}

/** The person whom the call has just proved to be, for the audit of the call that proved it. */
export function createUserActor(
  userId: string,
  sessionId: string,
  membership: ActiveMembership | null,
): Actor {
  return {
    kind: 'user',
    userId,
    sessionId,
    organizationId: membership?.organizationId ?? null,
    role: membership?.role ?? null,
    plan: membership?.plan ?? null,
    permissions: permissionsOfRole(membership?.role ?? null),
  };
}
