export { syncSubscriptions } from './intake.jobs.ts';
export { deleteOldEvents, selectCallsWithStuckEvents } from './intake.queries.ts';
export { syncRoutes } from './intake.routes.ts';
export { isCallRoom, callReportedEvent } from './intake.rules.ts';
export { parseStoredEvent, parseClusterEvent } from './read-event.ts';
