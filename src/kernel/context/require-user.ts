import { type Actor, authErrors } from '../core/index.ts';
import type { Ctx } from './context.ts';

/** The signed-in user who makes the call. @throws AppError `auth.forbidden` for every other kind of actor */
export function requireUser({ actor }: Pick<Ctx, 'actor'>): Extract<Actor, { kind: 'user' }> {
  if (actor.kind !== 'user') throw authErrors.forbidden();
  return actor;
}

/**
 * The signed-in user and the session of the credential.
 * @throws AppError `auth.forbidden` for every other kind of actor, and for a user in the socket of a room
 */
export function requireSession(
  ctx: Pick<Ctx, 'actor'>,
): Extract<Actor, { kind: 'user' }> & { sessionId: string } {
  const { sessionId, ...user } = requireUser(ctx);
  if (sessionId === undefined) throw authErrors.forbidden();
  return { ...user, sessionId };
}
