export { actionOf, commitEnd, type CompressionEnd, type SubjectChange, targetOf } from './end-compression.ts';
export { compressionEnded } from './file-compressions.events.ts';
export { fileCompressionErrors } from './file-compressions.errors.ts';
export type { CompressionReason, CompressionState } from './file-compressions.enums.ts';
export type { FileCompressors, CompressionKey } from './file-compressions.ports.ts';
export { presentProgress } from './file-compressions.present.ts';
export {
  changeCompression,
  type CompressionToAdvance,
  insertCompression,
  selectCompression,
  selectCompressionById,
  selectCompressions,
  selectCompressionToAdvance,
} from './file-compressions.queries.ts';
export {
  cancelReasonOf,
  followTask,
  isBusy,
  isCompressible,
  isOver,
  nameAfter,
} from './file-compressions.rules.ts';
export {
  compressFileSchema,
  type CompressFile,
  fileCompressionExample,
  fileCompressionSchema,
} from './file-compressions.schemas.ts';
export { wakeCompression } from './file-compressions.subscriptions.ts';
export type { FileCompression } from './file-compressions.tables.ts';
export { planCompression } from './plan-compression.ts';
