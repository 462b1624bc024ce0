export type { ObjectInfo, ObjectList, ObjectStore, PutOptions, StoredObject } from './objects.ports.ts';
export { objectKey } from './objects.rules.ts';
export { streamOf, textOf } from './streams.ts';
