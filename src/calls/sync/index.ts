export { aloneUntilMs } from './alone.rules.ts';
export { closeOrphanedCalls } from './close-orphaned-calls.ts';
export { ingressReported, recordingReported, streamReported } from './sync.events.ts';
export { type ReconciliationReport, reconcileCalls } from './reconcile-calls.ts';
