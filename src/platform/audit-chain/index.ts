export { type BundleHeader, writeBundle } from './bundle.rules.ts';
export { toAuditEntry, selectCheckpoint, selectLastSeq, selectCheckpoints } from './chain.queries.ts';
export { EMPTY_CHAIN, type AuditEntry, type ChainProblem } from './chain.rules.ts';
export { readCheckpointCopies } from './copy-checkpoints.ts';
export { erasePersonalFields } from './erase.ts';
export { sealAllOrganizations, sealOrganization, type SealReport } from './seal.ts';
export { type BundleReport, verifyBundle } from './verify-bundle.ts';
export { type ChainReport, verifyChain } from './verify-chain.ts';
