import { BUCKET_PROBLEM_TEXTS, type BucketProblem } from './buckets.enums.ts';
import { bucketErrors } from './buckets.errors.ts';
import type { CreateBucket } from './buckets.schemas.ts';

/** Buckets of an organization. */
export const MAX_BUCKETS = 10;

/** The steps of a test, each with what it means when the bucket denies it. */
const DENIALS = { write: 'write_denied', read: 'read_denied', delete: 'delete_denied' } as const;
export type TestStep = keyof typeof DENIALS;

/** Problems by the code of an S3 error; servers differ in how they capitalize it. */
const PROBLEM_BY_CODE: Readonly<Record<string, BucketProblem>> = {
  signaturedoesnotmatch: 'wrong_secret',
  invalidaccesskeyid: 'unknown_access_key',
  invalidaccesskey: 'unknown_access_key',
  xadminusernotfound: 'unknown_access_key',
  requesttimetooskewed: 'clock_skew',
  nosuchbucket: 'unknown_bucket',
  invalidbucketname: 'unknown_bucket',
  authorizationheadermalformed: 'wrong_region',
  permanentredirect: 'wrong_region',
  temporaryredirect: 'wrong_region',
  illegallocationconstraintexception: 'wrong_region',
  baddigest: 'corrupted',
  invaliddigest: 'corrupted',
  xamzcontentsha256mismatch: 'corrupted',
  // What was just written is not there.
  nosuchkey: 'corrupted',
};

const ERROR_CODE = /<Code>\s*([A-Za-z0-9]{1,64})\s*<\/Code>/;

/** The problem of a bucket that a refused request shows. @param body of the answer, as text */
export function problemOfRefusal(step: TestStep, status: number, body: string): BucketProblem {
  const code = (ERROR_CODE.exec(body)?.[1] ?? '').toLowerCase();
  const known = Object.hasOwn(PROBLEM_BY_CODE, code) ? PROBLEM_BY_CODE[code] : undefined;
  if (known) return known;
  if (code === 'accessdenied' || (code === '' && status === 403)) return DENIALS[step];
  return status >= 500 || status === 429 ? 'unavailable' : 'unexpected_answer';
}

/** Whether an answer to a read says that there is no such object. A key that may not list a bucket is answered 403 for one. */
export const isMissing = (status: number, body: string): boolean =>
  status === 404 || problemOfRefusal('read', status, body) === DENIALS.read;

/** The field of a request that most likely has to be corrected. */
const FIELD_OF_PROBLEM: Partial<Record<BucketProblem, keyof CreateBucket>> = {
  address_refused: 'endpoint',
  unreachable: 'endpoint',
  unexpected_answer: 'endpoint',
  unknown_access_key: 'accessKeyId',
  wrong_secret: 'secretAccessKey',
  unknown_bucket: 'bucket',
  wrong_region: 'region',
};

/**
 * The endpoint as requests to a bucket name it, with the bucket in its host unless `pathStyle`.
 * @returns null when no such host exists: for an IP address, or when the bucket makes it no valid host name
 */
export function findBucketUrl({
  endpoint,
  bucket,
  pathStyle,
}: Pick<CreateBucket, 'endpoint' | 'bucket' | 'pathStyle'>): URL | null {
  const url = new URL(endpoint);
  if (pathStyle) return url;
  const expected = `${bucket}.${url.hostname}`;
  // A host that cannot be is ignored when it is set.
  url.hostname = expected;
  return url.hostname === expected ? url : null;
}

/** @throws AppError `buckets.test_failed` when the bucket cannot be named in the host of its endpoint, but is to be */
export function requireNameable(fields: Parameters<typeof findBucketUrl>[0]): void {
  if (findBucketUrl(fields)) return;
  const detail = 'The bucket cannot be named in the host of this endpoint: pathStyle must be true.';
  throw bucketErrors.testFailed({ detail, errors: [{ pointer: '/pathStyle', message: detail }] });
}

/** @throws AppError `buckets.test_failed` with the problem, and the field that it is about */
export function requireNoProblem(problem: BucketProblem | null): void {
  if (problem === null) return;
  const message = BUCKET_PROBLEM_TEXTS[problem];
  const field = FIELD_OF_PROBLEM[problem];
  throw bucketErrors.testFailed({
    detail: message,
    ...(field ? { errors: [{ pointer: `/${field}`, message }] } : {}),
  });
}
