export type { CompressionReason, CompressionState } from './file-compressions.enums.ts';
export { compressionFinished } from './file-compressions.events.ts';
export type { FileCompressors, CompressionKey } from './file-compressions.ports.ts';
export {
  changeCompression,
  type CompressionToAdvance,
  selectCompressionToAdvance,
} from './file-compressions.queries.ts';
export { cancelReasonOf, followTask, isOver, nameAfter } from './file-compressions.rules.ts';
export type { FileCompression } from './file-compressions.tables.ts';
export { commitEnd } from './end-compression.ts';
