export { closeOrphanedCalls } from './close-orphaned-calls.ts';
export { deleteOldEvents, selectCallsWithStuckEvents } from './cluster-events.queries.ts';
export { parseClusterEvent, parseStoredEvent } from './parse-cluster-event.ts';
export { type ReconciliationReport, reconcileCalls } from './reconcile-calls.ts';
export { syncSubscriptions } from './sync.events.ts';
export { syncRoutes } from './sync.routes.ts';
export { callReportedEvent, isCallRoom } from './sync.rules.ts';
export { deleteClusterRoom } from './delete-cluster-room.ts';
