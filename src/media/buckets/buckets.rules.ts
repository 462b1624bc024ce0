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

/** What a refused request says about the bucket. @param body of the answer, as text */
export function problemOfRefusal(step: TestStep, status: number, body: string): BucketProblem {
  const code = (ERROR_CODE.exec(body)?.[1] ?? '').toLowerCase();
  const known = Object.hasOwn(PROBLEM_BY_CODE, code) ? PROBLEM_BY_CODE[code] : undefined;
  if (known) return known;
  if (code === 'accessdenied' || (code === '' && status === 403)) return DENIALS[step];
  return status >= 500 || status === 429 ? 'unavailable' : 'unexpected_answer';
}

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
