import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, base64Url } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { permissionsOfRole, signAccessToken } from '../access/index.ts';
import type { ActiveMembership } from '../members/index.ts';
import type { User } from '../users/index.ts';
import { insertRefreshToken } from './sessions.queries.ts';

/** What a user receives on signing in, refreshing and switching. */
export interface SessionGrant {
  user: User;
  accessToken: string;
  refreshToken: string;
  /** How long the access token is valid. */
  expiresInSeconds: number;
}

const TOKEN_BYTES = 32;
export const REFRESH_TOKEN_PURPOSE = 'refresh';

interface GrantSubject {
  user: User;
  sessionId: string;
  /** Null for a user without an organization. */
  membership: ActiveMembership | null;
}

/**
 * Creates both tokens of a session, and the statement that stores the refresh token's hash. Each batch of a request with the
 * access token proves the session and the membership again.
 */
export async function createGrant(
  ctx: Ctx,
  { user, sessionId, membership }: GrantSubject,
): Promise<{ grant: SessionGrant; store: (q: Queries) => ReturnType<typeof insertRefreshToken> }> {
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

/** A session lives as long as its newest refresh token: what a refresh and a switch set on its row. */
export function sessionExtension(ctx: Ctx, organizationId: string | null) {
  const nowMs = ctx.clock.now();
  return {
    organizationId,
    updatedAt: new Date(nowMs),
    expiresAt: new Date(nowMs + ctx.config.REFRESH_TOKEN_SECONDS * 1000),
  };
}

/** The user as an actor, for the audit entry of the request that verified their identity. */
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
