import { defineErrors } from '../../kernel/core/index.ts';

export const bucketErrors = defineErrors('buckets', {
  notFound: { status: 404, title: 'The bucket was not found' },
  tooMany: { status: 409, title: 'The organization has too many buckets' },
  testFailed: { status: 422, title: 'The test of the bucket failed' },
});
