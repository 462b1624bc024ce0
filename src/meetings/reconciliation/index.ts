export { reconcileCalls, type Reconciled } from './reconcile-calls.ts';
