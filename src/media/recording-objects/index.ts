export { computeChecksum } from './compute-checksum.ts';
export {
  openStore,
  openStoreForRecorder,
  RECORDING_STORAGES,
  type RecordingLocation,
  type RecordingStorage,
} from './open-store.ts';
export { contentTypeOf, copyKeyOf, extensionOf } from './recording-keys.rules.ts';
export { isProductStorageProven } from './prove-product-storage.ts';
export { productBucketOf, productKey } from './product-store.ts';
export type { RecordingObject, RecordingObjectAnswer, RecordingStore } from './recording-objects.ports.ts';
