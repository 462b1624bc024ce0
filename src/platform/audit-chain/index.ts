export { type BundleHeader, writeBundle } from './bundle.rules.ts';
export { toAuditEntry, selectCheckpoint, selectLastSeq, selectCheckpoints } from './audit-chain.queries.ts';
export { EMPTY_CHAIN, type ChainEntry } from './audit-chain.rules.ts';
export { type ChainProblem } from './chain-problems.rules.ts';
export { readCheckpointCopies } from './copy-checkpoints.ts';
export { erasePersonalFields } from './erase-personal-fields.ts';
export { sealAllOrganizations, sealOrganization, type SealReport } from './seal-entries.ts';
export { type BundleReport, verifyBundle } from './verify-bundle.ts';
export { type ChainReport, verifyChain } from './verify-chain.ts';
