export { CLAIM_MS, isClaimed, isWorthCommit, moveState } from './cluster-rows.rules.ts';
