export { closeStrays } from './close-strays.ts';
export { reconcileCalls, type Reconciled } from './reconcile-calls.ts';
