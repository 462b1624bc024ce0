export type { ObjectInfo, ObjectList, ObjectStore, PutObjectOptions, StoredObject } from './objects.ports.ts';
export { objectKey } from './objects.rules.ts';
export { createTextStream, readText } from './object-streams.ts';
