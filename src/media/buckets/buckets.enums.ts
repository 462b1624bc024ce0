/** working: the last test succeeded. failing: it did not, and nothing new is stored in the bucket until one does. */
export const BUCKET_STATUSES = ['working', 'failing'] as const;

/** Why a test of a bucket failed, and what a person reads about it. */
export const BUCKET_PROBLEM_TEXTS = {
  address_refused: 'The endpoint must be a public https address whose host exists.',
  unreachable: 'The endpoint did not answer in time.',
  unavailable: 'The endpoint answered that it is overloaded or failing.',
  unknown_access_key: 'The endpoint does not know the access key.',
  wrong_secret: 'The secret access key does not belong to the access key.',
  clock_skew:
    'The clock of the endpoint is wrong: it refuses requests that are signed with the present time.',
  unknown_bucket: 'The bucket does not exist.',
  wrong_region: 'The bucket is in another region, or the endpoint redirects.',
  write_denied: 'The access key may not write to the bucket.',
  read_denied: 'The access key may not read objects that it wrote to the bucket.',
  delete_denied: 'The access key may not delete objects that it wrote to the bucket.',
  not_deleted: 'The deleted object can still be read from the bucket.',
  corrupted:
    'The object read from the bucket differs from the written one, or from the checksum that the endpoint returned.',
  unexpected_answer: 'The endpoint does not answer as an S3-compatible server does.',
} as const;

export type BucketProblem = keyof typeof BUCKET_PROBLEM_TEXTS;
export const BUCKET_PROBLEMS = Object.keys(BUCKET_PROBLEM_TEXTS) as [BucketProblem, ...BucketProblem[]];
