import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { BUCKET_PROBLEMS, BUCKET_STATUSES } from './buckets.enums.ts';

const bucketId = idSchema('bucket').openapi({ description: 'Id of the bucket.' });
export const bucketParamsSchema = z.strictObject({ bucketId });

const name = lineSchema(100).openapi({ description: 'Name for people, 1 to 100 characters.' });
const endpoint = z
  .string()
  .min(1)
  .max(2_048)
  .regex(/^[\x21\x22\x24-\x3e\x40-\x7e]+$/, 'must be visible ASCII characters without ? and #')
  .openapi({
    description:
      'Address of the S3-compatible storage, without the bucket: `https` on port 443, 8443, 9000 or 9443 of a public host. A path ' +
      'before that of the bucket is allowed; up to 2,048 visible ASCII characters without `?` and `#`.',
    example: 'https://s3.storage.example',
  });
const region = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'must be the name of a region, such as us-east-1')
  .openapi({
    description: 'Region for which requests are signed, 1 to 64 lower-case letters, digits and hyphens.',
  });
const bucket = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
  .refine((text) => !text.includes('..'), 'must not have two dots in a row')
  .openapi({
    description: 'Name of the bucket at its endpoint, 3 to 63 lower-case letters, digits, dots and hyphens.',
  });
const prefix = z
  .string()
  .max(200)
  .regex(/^(?:[A-Za-z0-9][\w.-]*\/)*$/, 'must be empty, or names that each end with a slash')
  .openapi({
    description:
      'What the key of each object begins with: empty, or folders that each end with a slash; up to 200 characters.',
    example: 'calls/',
  });
const pathStyle = z.boolean().openapi({
  description:
    'Whether requests name the bucket in the path. When false, they name it in the host: `bucket.host`.',
});
const accessKeyId = z
  .string()
  .regex(/^[\w./+=-]{3,128}$/, 'must be an access key')
  .openapi({ description: 'Access key, 3 to 128 letters, digits and `_ . / + = -`.' });
const secretAccessKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,256}$/, 'must be 8 to 256 visible ASCII characters')
  .openapi({
    description:
      'Secret of the access key, 8 to 256 visible ASCII characters. It is stored encrypted and never returned.',
  });

export const createBucketSchema = z.strictObject({
  name,
  endpoint,
  region: region.default('us-east-1'),
  bucket,
  prefix: prefix.default(''),
  pathStyle: pathStyle.default(true),
  accessKeyId,
  secretAccessKey,
});
export type CreateBucket = z.output<typeof createBucketSchema>;

export const updateBucketSchema = z
  .strictObject({ name, region, prefix, pathStyle, accessKeyId, secretAccessKey })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateBucket = z.output<typeof updateBucketSchema>;

export const bucketSchema = z
  .object({
    id: bucketId,
    name: z.string().openapi({ description: 'Name for people.' }),
    endpoint: z.string().openapi({ description: 'Address of the storage.' }),
    region,
    bucket: z.string().openapi({ description: 'Name of the bucket at its endpoint.' }),
    prefix: z.string().openapi({ description: 'What the key of each object begins with.' }),
    pathStyle,
    accessKeyId: z.string().openapi({ description: 'Access key.' }),
    status: z.enum(BUCKET_STATUSES).openapi({
      description:
        '`working` when the last test succeeded, otherwise `failing`: nothing new is stored in it until a test succeeds.',
    }),
    problem: z
      .enum(BUCKET_PROBLEMS)
      .nullable()
      .openapi({ description: 'Why the last test failed; null when it succeeded.' }),
    problemDetail: z
      .string()
      .nullable()
      .openapi({ description: 'The problem in a sentence for people; null without one.' }),
    testedAt: z.iso.datetime().openapi({ description: 'When it was last tested.' }),
    createdBy: idSchema('user').nullable().openapi({
      description: 'User who added it; null for an API key, and after the user was deleted.',
    }),
    createdAt: z.iso.datetime().openapi({ description: 'When it was added.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When it was last changed.' }),
  })
  .openapi('Bucket');
export const bucketPageSchema = pageSchema(bucketSchema).openapi('BucketPage');
export type BucketView = z.output<typeof bucketSchema>;

export const createBucketExample = {
  name: 'Archive of calls',
  endpoint: 'https://s3.storage.example',
  region: 'eu-central-1',
  bucket: 'northwind-calls',
  prefix: 'auralink/',
  accessKeyId: 'AKIAEXAMPLE7NORTHWIND',
  secretAccessKey: 'an/example+secret+of+an+access+key',
} satisfies z.input<typeof createBucketSchema>;
const { secretAccessKey: _notShown, ...shownExample } = createBucketExample;
export const bucketExample: BucketView = {
  ...shownExample,
  id: exampleId('bucket'),
  endpoint: 'https://s3.storage.example/',
  pathStyle: true,
  status: 'working',
  problem: null,
  problemDetail: null,
  testedAt: '2026-01-05T09:30:00.000Z',
  createdBy: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
