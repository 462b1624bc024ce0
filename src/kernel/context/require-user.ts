import { type Actor, authErrors } from '../core/index.ts';
import type { Ctx } from './context.ts';

/** The signed-in user who makes the call. @throws AppError `auth.forbidden` for every other kind of actor */
export function requireUser({ actor }: Pick<Ctx, 'actor'>): Extract<Actor, { kind: 'user' }> {
  if (actor.kind !== 'user') throw authErrors.forbidden();
  return actor;
}
