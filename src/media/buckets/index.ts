export { openBucket, openForRecorder } from './bucket-secret.ts';
export { bucketErrors } from './buckets.errors.ts';
export { selectBucket } from './buckets.queries.ts';
export type { Bucket } from './buckets.tables.ts';
export { type BucketAccess, sendToBucket } from './send-to-bucket.ts';
export { signDownload } from './sign-download.ts';
