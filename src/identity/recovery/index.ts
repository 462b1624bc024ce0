export { purgeExpiredVerifications } from './purge-expired-verifications.ts';
export { recoverySubscriptions } from './recovery.events.ts';
export { recoveryRoutes } from './recovery.routes.ts';
