export {
  type ByteRange,
  ChecksumMismatch,
  IncompleteStream,
  type ObjectInfo,
  type ObjectList,
  type ObjectStore,
  type PutObjectOptions,
  type StoredObject,
  type StreamedObject,
} from './objects.ports.ts';
export { objectKey } from './objects.rules.ts';
export { createTextStream, readText } from './object-streams.ts';
export { collectOrphanObjects, ORPHAN_AGE_MS } from './collect-orphans.ts';
export { eraseObjectsOf } from './erase-objects.ts';
