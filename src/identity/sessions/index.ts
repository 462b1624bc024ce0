export type { SessionGrant } from './create-grant.ts';
export { openSession } from './open-session.ts';
export * from './sessions.events.ts';
export { sessionErrors } from './sessions.errors.ts';
export { presentGrant } from './sessions.present.ts';
export {
  deleteSessionsOfUser,
  revokeSessionsOfUser,
  selectActiveSessionIds,
  selectLastSession,
  selectSession,
} from './sessions.queries.ts';
export { grantSuccess } from './sessions.schemas.ts';
export { requireActiveSession } from './sessions.rules.ts';
