export { closeOrphanedCalls } from './close-orphaned-calls.ts';
export { type ReconciliationReport, reconcileCalls } from './reconcile-calls.ts';
export { syncSubscriptions } from './sync.events.ts';
export { syncRoutes } from './sync.routes.ts';
export { deleteClusterRoom } from './delete-cluster-room.ts';
