import { requestErrors } from '../../kernel/core/index.ts';
import { type PasswordOwner, passwordWeakness } from '../passwords/index.ts';
import { accountErrors } from './accounts.errors.ts';

/** A place a person has in an organization, as an access token says it. */
export interface ActiveMembership {
  organizationId: string;
  role: string;
  plan: string;
}

/**
 * Seconds in which a refresh token that was just used is taken for an honest second call (two tabs, a retry) and
 * refused without harm. After that a second use means that somebody has a copy.
 */
export const REUSE_GRACE_SECONDS = 10;

export const RESET_LINK_SECONDS = 3_600;
export const VERIFICATION_LINK_SECONDS = 3 * 86_400;

/** Where a person enters: where they last were, else the organization they joined first; null for who has none. */
export function chooseMembership(
  memberships: readonly ActiveMembership[],
  lastOrganizationId: string | null | undefined,
): ActiveMembership | null {
  const last = memberships.find(({ organizationId }) => organizationId === lastOrganizationId);
  return last ?? memberships[0] ?? null;
}

/** @throws AppError `request.invalid` naming what is wrong with the password in the body's field `field` */
export function requireStrongPassword(password: string, owner: PasswordOwner, field = 'password'): void {
  const message = passwordWeakness(password, owner);
  if (message !== null) throw requestErrors.invalid({ errors: [{ pointer: `/${field}`, message }] });
}

interface SessionState {
  expiresAt: Date;
  revokedAt: Date | null;
}

export function isSessionActive(session: SessionState, nowMs: number): boolean {
  return session.revokedAt === null && session.expiresAt.getTime() > nowMs;
}

/** @throws AppError `accounts.session_ended` unless the session is there and goes on */
export function requireActiveSession<T extends SessionState>(session: T | undefined, nowMs: number): T {
  if (!session || !isSessionActive(session, nowMs)) throw accountErrors.sessionEnded();
  return session;
}

/**
 * What a refresh token that was found is good for. `reused` means that somebody has a copy of it.
 * @throws AppError `accounts.refresh_token_invalid` or `accounts.refresh_in_progress`
 */
export function checkRefreshToken(
  token: { expiresAt: Date; usedAt: Date | null } | undefined,
  session: SessionState | undefined,
  nowMs: number,
): 'fresh' | 'reused' {
  if (!token || !session || !isSessionActive(session, nowMs) || token.expiresAt.getTime() <= nowMs)
    throw accountErrors.refreshTokenInvalid();
  if (token.usedAt === null) return 'fresh';
  if (nowMs - token.usedAt.getTime() < REUSE_GRACE_SECONDS * 1000)
    throw accountErrors.refreshInProgress({ detail: 'use the token that the other call received' });
  return 'reused';
}

/** Whether a reset still opens the door: not expired, and the password has not changed since it was asked for. */
export function isPasswordResetUsable(
  passwordReset: { createdAt: Date; expiresAt: Date },
  credential: { updatedAt: Date } | undefined,
  nowMs: number,
): boolean {
  const isOlderThanPassword = credential !== undefined && passwordReset.createdAt < credential.updatedAt;
  return passwordReset.expiresAt.getTime() > nowMs && !isOlderThanPassword;
}
