import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { BUCKET_PROBLEMS, BUCKET_STATUSES } from './buckets.enums.ts';

/** Buckets of customers, on S3-compatible storage of theirs. */
export const buckets = pgTable(
  'buckets',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    endpoint: text('endpoint').notNull(),
    region: text('region').notNull(),
    /** The bucket's name at its endpoint. */
    bucket: text('bucket').notNull(),
    /** Prefix of the key of each object; empty, or ends with `/`. */
    prefix: text('prefix').notNull(),
    /** Whether the bucket is named in the path of a request, and not in its host. */
    pathStyle: boolean('path_style').notNull(),
    accessKeyId: text('access_key').notNull(),
    /** Encrypted, bound to this row. */
    sealedSecret: text('sealed_secret').notNull(),
    status: enumColumn('status', BUCKET_STATUSES).notNull(),
    /** Null exactly while it is working. */
    problem: enumColumn('problem', BUCKET_PROBLEMS),
    testedAt: utcTimestamp('tested_at').notNull(),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('buckets_organization_id_idx').on(t.organizationId, t.id),
    index('buckets_created_by_idx').on(t.createdBy),
    enumCheck('buckets_status_check', t.status, BUCKET_STATUSES),
    enumCheck('buckets_problem_check', t.problem, BUCKET_PROBLEMS),
  ],
);

export type Bucket = typeof buckets.$inferSelect;
