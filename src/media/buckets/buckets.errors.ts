import { defineErrors } from '../../kernel/core/index.ts';

export const bucketErrors = defineErrors('buckets', {
  notFound: { status: 404, title: 'The bucket was not found' },
  tooMany: { status: 409, title: 'The organization has as many buckets as it can' },
  testFailed: { status: 422, title: 'The test of the bucket failed' },
});
