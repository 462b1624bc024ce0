export type { FileCompressors, CompressionKey } from './file-compressions.ports.ts';
export {
  changeCompression,
  type CompressionToAdvance,
  selectCompressionToAdvance,
} from './file-compressions.queries.ts';
export { cancelReasonOf, followTask, isOver, nameAfter } from './file-compressions.rules.ts';
export type { FileCompression } from './file-compressions.tables.ts';
export { commitEnd } from './end-compression.ts';
