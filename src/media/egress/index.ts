export { isNews } from './egress.rules.ts';
export { type EgressGround, stopReasonOf } from './ground.rules.ts';
export { beginEgress, type EgressDriver, type EgressStep, followEgress } from './run-egress.ts';
export { stopStrays, type ClusterSweep } from './stop-strays.ts';
