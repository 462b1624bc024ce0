import { BUCKET_PROBLEM_TEXTS } from './buckets.enums.ts';
import type { BucketView } from './buckets.schemas.ts';
import type { Bucket } from './buckets.tables.ts';

/** A bucket as the API shows it, without its secret. */
export const presentBucket = (row: Bucket): BucketView => ({
  id: row.id,
  name: row.name,
  endpoint: row.endpoint,
  region: row.region,
  bucket: row.bucket,
  prefix: row.prefix,
  pathStyle: row.pathStyle,
  accessKeyId: row.accessKeyId,
  status: row.status,
  problem: row.problem,
  problemDetail: row.problem && BUCKET_PROBLEM_TEXTS[row.problem],
  testedAt: row.testedAt.toISOString(),
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
