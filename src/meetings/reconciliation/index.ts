export { closeOrphanedCalls } from './close-strays.ts';
export { reconcileCalls, type ReconciliationReport } from './reconcile-calls.ts';
