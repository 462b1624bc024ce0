export { CLAIM_MS, isNews } from './egress.rules.ts';
export { beginEgress, type EgressDriver, followEgress } from './run-egress.ts';
export { stopStrays, type ClusterSweep } from './stop-strays.ts';
