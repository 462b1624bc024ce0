export type { Grant } from './create-grant.ts';
export { openSession } from './open-session.ts';
export { purgeExpiredSessions } from './purge-expired-sessions.ts';
export { sessionErrors } from './sessions.errors.ts';
export { presentGrant } from './sessions.present.ts';
export { revokeSessionsOfUser, selectLastSession, selectSession } from './sessions.queries.ts';
export { grantSuccess, sessionRoutes } from './sessions.routes.ts';
export { requireActiveSession } from './sessions.rules.ts';
