export { type BundleHeader, writeBundle } from './bundle.rules.ts';
export { entryOf, findCheckpoint, findLastSeq, listCheckpoints } from './chain.queries.ts';
export { EMPTY_CHAIN, type Entry, type Problem } from './chain.rules.ts';
export { readCopies } from './copy-checkpoints.ts';
export { erasePersonalFields } from './erase.ts';
export { sealAll, sealOrganization, type SealReport } from './seal.ts';
export { type BundleReport, verifyBundle } from './verify-bundle.ts';
export { type ChainReport, verifyChain } from './verify-chain.ts';
