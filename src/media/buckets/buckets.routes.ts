import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { outgoingErrors } from '../../platform/outgoing/index.ts';
import { bucketErrors } from './buckets.errors.ts';
import { presentBucket } from './buckets.present.ts';
import {
  bucketExample,
  bucketPageSchema,
  bucketParamsSchema,
  bucketSchema,
  createBucketExample,
  createBucketSchema,
  updateBucketSchema,
} from './buckets.schemas.ts';
import { createBucket, deleteBucket, getBucket, listBuckets, updateBucket } from './manage-buckets.ts';
import { testBucket } from './test-bucket.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    buckets: 'read' | 'write';
  }
}

const tag = 'Buckets';
const listPath = '/api/v1/buckets';
const path = `${listPath}/{bucketId}`;
const readAccess = { kind: 'permission', permission: 'buckets:read' } as const;
const writeAccess = { kind: 'permission', permission: 'buckets:write' } as const;
const success = (description: string) => ({ description, schema: bucketSchema, example: bucketExample });
/** A test sends four requests of at most ten seconds each. */
const timeLimitSeconds = 45;
const TEST = 'writes an object of 1 KiB with its checksum, reads it, deletes it, and checks that it is gone';

export const bucketRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createBucket',
    tag,
    summary: 'Create a bucket',
    description:
      'Adds a bucket of your own, on S3-compatible storage; an organization has at most 10. The bucket is tested first: ' +
      `the API ${TEST}. If the test fails, nothing is stored, and the answer says why. The secret is stored encrypted and ` +
      'never returned.',
    access: writeAccess,
    limit: 'api',
    body: { schema: createBucketSchema, example: createBucketExample },
    idempotent: true,
    timeLimitSeconds,
    success: { 201: success('The bucket') },
    errors: [
      bucketErrors.testFailed,
      bucketErrors.tooMany,
      outgoingErrors.addressRefused,
      outgoingErrors.unresolved,
      outgoingErrors.resolverUnavailable,
    ],
    handle: (ctx, { body }) => createBucket(ctx, body),
    respond: (row) => created(presentBucket(row), `${listPath}/${row.id}`, row.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listBuckets',
    tag,
    summary: 'List buckets',
    description: "Lists the organization's own buckets, the oldest first, without their secrets.",
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of buckets',
        schema: bucketPageSchema,
        example: { data: [bucketExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listBuckets(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentBucket), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getBucket',
    tag,
    summary: 'Get a bucket',
    description:
      'Returns a bucket of the organization with the outcome of its last test, without its secret.',
    access: readAccess,
    limit: 'api',
    params: bucketParamsSchema,
    success: { 200: success('The bucket') },
    errors: [bucketErrors.notFound],
    handle: (ctx, { params }) => getBucket(ctx, params.bucketId),
    respond: (row) => ok(presentBucket(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateBucket',
    tag,
    summary: 'Update a bucket',
    description:
      'Changes a bucket; fields that are left out keep their value. `endpoint` and `bucket` cannot change: for other ' +
      'storage, create another bucket. Unless only the name changes, the new values are tested first, and the old ones ' +
      'stay if the test fails.',
    access: writeAccess,
    limit: 'api',
    params: bucketParamsSchema,
    body: { schema: updateBucketSchema, example: { name: 'Archive' } },
    concurrency: true,
    timeLimitSeconds,
    success: { 200: success('The updated bucket') },
    errors: [bucketErrors.notFound, bucketErrors.testFailed, outgoingErrors.resolverUnavailable],
    handle: (ctx, { params, body, ifMatch }) => updateBucket(ctx, params.bucketId, body, ifMatch),
    respond: (row) => ok(presentBucket(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteBucket',
    tag,
    summary: 'Delete a bucket',
    description:
      'Removes a bucket from the organization, with its credentials. The objects stored in it stay there. After the last ' +
      'bucket is removed, recordings are refused, unless the setting `recordingStorage` of the organization is `product`.',
    access: writeAccess,
    limit: 'api',
    params: bucketParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The bucket is removed' } },
    errors: [bucketErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteBucket(ctx, params.bucketId, ifMatch),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${path}/test`,
    operationId: 'testBucket',
    tag,
    summary: 'Test a bucket',
    description:
      `Tests a bucket as it is now: the API ${TEST}. The answer is the bucket with the outcome in \`status\` and \`problem\`, ` +
      'even if the test failed.',
    access: writeAccess,
    limit: 'api',
    params: bucketParamsSchema,
    timeLimitSeconds,
    success: { 200: success('The tested bucket') },
    errors: [bucketErrors.notFound, outgoingErrors.resolverUnavailable],
    handle: (ctx, { params }) => testBucket(ctx, params.bucketId),
    respond: (row) => ok(presentBucket(row), row.version),
  }),
];
