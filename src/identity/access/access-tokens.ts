import { z } from '@hono/zod-openapi';
import { type Actor, authErrors, type Clock, idSchema } from '../../kernel/core/index.ts';
import type { Signer } from '../../kernel/crypto/index.ts';
import { permissionsOfRole } from './roles.rules.ts';

const TOKEN_TYPE = 'at+jwt'; // RFC 9068

/** The claims of an access token. Organization, role and plan are absent for a user without an organization. */
const claimsSchema = z.object({
  sub: idSchema('user'),
  sid: idSchema('session'),
  org: idSchema('organization').optional(),
  role: z.string().optional(),
  plan: z.string().optional(),
  exp: z.number(),
});

export interface AccessTokenClaims {
  userId: string;
  sessionId: string;
  /** Null for a user without an organization. */
  membership: { organizationId: string; role: string; plan: string } | null;
}

/** @param lifeSeconds seconds from now until the token expires */
export function signAccessToken(
  signer: Signer,
  { userId, sessionId, membership }: AccessTokenClaims,
  lifeSeconds: number,
): Promise<string> {
  const claims = {
    sub: userId,
    sid: sessionId,
    ...(membership ? { org: membership.organizationId, role: membership.role, plan: membership.plan } : {}),
  };
  return signer.sign(claims, { type: TOKEN_TYPE, lifeSeconds });
}

const CLOCK_SLACK_MS = 10_000;

/**
 * When every access token issued until now will have expired, in milliseconds since the epoch. Until then a user can
 * still act with the permissions of a membership that has ended or changed.
 */
export const accessTokensExpiredAtMs = ({
  clock,
  config,
}: {
  clock: Clock;
  config: { ACCESS_TOKEN_SECONDS: number };
}): number => clock.now() + config.ACCESS_TOKEN_SECONDS * 1000 + CLOCK_SLACK_MS;

type UserActor = Extract<Actor, { kind: 'user' }>;

/**
 * Verifies access tokens within the isolate. A token that was accepted once is remembered until it expires, because
 * verifying its signature would be the main cost of a request.
 * @param maxCached how many tokens are remembered
 */
export function createAccessTokenVerifier(signer: Signer, clock: Clock, maxCached = 5_000) {
  const cache = new Map<string, { actor: UserActor; expiresAtMs: number }>();
  const verify = async (token: string): Promise<UserActor> => {
    const parsed = claimsSchema.safeParse(await signer.verify(token, TOKEN_TYPE));
    if (!parsed.success) throw authErrors.invalidToken({ cause: parsed.error });
    const { sub, sid, org, role = null, plan = null, exp } = parsed.data;
    const actor: UserActor = {
      kind: 'user',
      userId: sub,
      sessionId: sid,
      organizationId: org ?? null,
      role,
      plan,
      permissions: permissionsOfRole(role),
    };
    if (cache.size >= maxCached) cache.delete(cache.keys().next().value!);
    cache.set(token, { actor, expiresAtMs: exp * 1000 });
    return actor;
  };
  /**
   * A plain value for a token that is remembered, the usual case.
   * @throws AppError `auth.expired_token` or `auth.invalid_token`
   */
  return (token: string): UserActor | Promise<UserActor> => {
    const cached = cache.get(token);
    if (!cached) return verify(token);
    if (cached.expiresAtMs > clock.now()) return cached.actor;
    cache.delete(token);
    throw authErrors.expiredToken();
  };
}
