import { sessionErrors } from './sessions.errors.ts';

/**
 * Seconds in which a second use of a refresh token is taken for an honest one (two tabs, a retry) and refused without
 * consequences. A later one means that somebody has a copy.
 */
export const REUSE_GRACE_SECONDS = 10;

interface SessionState {
  expiresAt: Date;
  revokedAt: Date | null;
}

export function isSessionActive(session: SessionState, nowMs: number): boolean {
  return session.revokedAt === null && session.expiresAt.getTime() > nowMs;
}

/** @throws AppError `accounts.session_ended` unless the session exists and is active */
export function requireActiveSession<T extends SessionState>(session: T | undefined, nowMs: number): T {
  if (!session || !isSessionActive(session, nowMs)) throw sessionErrors.sessionEnded();
  return session;
}

/**
 * Whether a refresh token that was found can be exchanged. `reused` means that somebody has a copy of it.
 * @throws AppError `accounts.refresh_token_invalid` or `accounts.refresh_in_progress`
 */
export function checkRefreshToken(
  token: { expiresAt: Date; usedAt: Date | null } | undefined,
  session: SessionState | undefined,
  nowMs: number,
): 'fresh' | 'reused' {
  if (!token || !session || !isSessionActive(session, nowMs) || token.expiresAt.getTime() <= nowMs)
    throw sessionErrors.refreshTokenInvalid();
  if (token.usedAt === null) return 'fresh';
  if (nowMs - token.usedAt.getTime() < REUSE_GRACE_SECONDS * 1000)
    throw sessionErrors.refreshInProgress({ detail: 'use the token that the other request received' });
  return 'reused';
}
