import { z } from '@hono/zod-openapi';
import { ACTOR_KINDS, SEVERITIES } from '../../kernel/audit/index.ts';
import {
  idSchema,
  momentSchema,
  momentSince1970Schema,
  pageQuerySchema,
  queryIntegerSchema,
  pageSchema,
} from '../../kernel/core/index.ts';

const optionalDateSchema = (description: string, schema = momentSchema) =>
  schema
    .transform((text) => new Date(text))
    .optional()
    .openapi({ type: 'string', format: 'date-time', description });
const fromSchema = optionalDateSchema('Earliest time, inclusive.');
const toSchema = optionalDateSchema('Latest time, exclusive.');
const isRangeOrdered = ({ from, to }: { from?: Date | undefined; to?: Date | undefined }) =>
  !from || !to || from < to;
const RANGE_ORDER_ISSUE = { path: ['to'], message: 'must be after from' };

const auditLogIdSchema = idSchema('auditLog').openapi({ description: 'Id of the audit entry.' });
export const auditLogParamsSchema = z.strictObject({ auditLogId: auditLogIdSchema });

export const auditLogQuerySchema = pageQuerySchema
  .extend({
    action: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: 'Only entries with this action.', example: 'organization.updated' }),
    actorId: z.string().min(1).max(100).optional().openapi({ description: 'Only entries of this actor.' }),
    targetType: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: 'Only entries about this type of target.', example: 'organization' }),
    targetId: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .openapi({ description: 'Only entries about this target.' }),
    severity: z.enum(SEVERITIES).optional().openapi({ description: 'Only entries with this severity.' }),
    from: fromSchema,
    to: toSchema,
  })
  .refine(isRangeOrdered, RANGE_ORDER_ISSUE);
export type AuditLogQuery = z.output<typeof auditLogQuerySchema>;

export const auditLogSchema = z
  .object({
    id: auditLogIdSchema,
    actorKind: z.enum(ACTOR_KINDS).openapi({ description: 'Kind of the actor.' }),
    actorId: z
      .string()
      .nullable()
      .openapi({ description: 'Id of the user, API key or guest, or name of the operator or system task.' }),
    action: z.string().openapi({ description: 'What was done, as `resource.verb_in_past_tense`.' }),
    severity: z.enum(SEVERITIES).openapi({ description: 'How much attention the action deserves.' }),
    targetType: z.string().openapi({ description: 'Type of the resource that was acted on.' }),
    targetId: z.string().openapi({ description: 'Id of the resource that was acted on.' }),
    before: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ description: 'Changed fields before the change; secrets are redacted.' }),
    after: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ description: 'Changed fields after the change; secrets are redacted.' }),
    ip: z.string().nullable().openapi({ description: 'IP address of the request.' }),
    userAgent: z.string().nullable().openapi({ description: 'User agent of the request.' }),
    requestId: z.string().openapi({ description: 'Id of the request, as in `X-Request-Id`.' }),
    createdAt: z.iso.datetime().openapi({ description: 'Time of the action.' }),
    erasedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the personal fields were erased; null when they were not.' }),
    seal: z
      .object({
        seq: z.number().int().openapi({ description: 'Number in the hash chain, from 1.' }),
        previousHash: z.string().openapi({ description: 'Hash of the entry before it, SHA-256 in hex.' }),
        hash: z.string().openapi({ description: 'Hash of this entry, SHA-256 in hex.' }),
      })
      .nullable()
      .openapi({ description: 'Position in the hash chain; null until sealed, within a minute.' }),
  })
  .openapi('AuditLog');
export type AuditLogView = z.output<typeof auditLogSchema>;
export const auditLogPageSchema = pageSchema(auditLogSchema).openapi('AuditLogPage');

export const auditLogExample: AuditLogView = {
  id: 'aud_01jd3v7q8gf4kr2x6a0w9mznpe',
  actorKind: 'user',
  actorId: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  action: 'organization.updated',
  severity: 'info',
  targetType: 'organization',
  targetId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  before: { name: 'Northwind' },
  after: { name: 'Northwind Traders' },
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
  requestId: 'req_01jd3v7q8gf4kr2x6a0w9mznpe',
  createdAt: '2026-01-05T09:30:00.000Z',
  erasedAt: null,
  seal: { seq: 7, previousHash: '5e1c…', hash: '9b0d…' },
};

export const STATS_PERIODS = ['daily', 'weekly', 'monthly'] as const;
export const MAX_BUCKETS = 92;

export const statsQuerySchema = z.strictObject({
  period: z.enum(STATS_PERIODS).default('daily').openapi({ description: 'Length of a bucket.' }),
  buckets: queryIntegerSchema(1, MAX_BUCKETS)
    .default(30)
    .openapi({ description: `Number of buckets, 1 to ${MAX_BUCKETS}.`, example: 30 }),
  to: optionalDateSchema('A time in the last bucket, not before 1970; default: now.', momentSince1970Schema),
});
export type AuditStatsQuery = z.output<typeof statsQuerySchema>;

const count = z.number().int().openapi({ description: 'Number of entries.' });
export const statsSchema = z
  .object({
    period: z.enum(STATS_PERIODS).openapi({ description: 'Length of a bucket.' }),
    from: z.iso.datetime().openapi({ description: 'Start of the first bucket.' }),
    to: z.iso.datetime().openapi({ description: 'End of the counted time range.' }),
    total: z.number().int().openapi({ description: 'Number of all entries in the range.' }),
    bySeverity: z.record(z.enum(SEVERITIES), count).openapi({ description: 'Entries by severity.' }),
    byAction: z
      .array(z.object({ action: z.string().openapi({ description: 'The action.' }), count }))
      .openapi({ description: 'The twenty most frequent actions.' }),
    byActor: z
      .array(
        z.object({
          actorKind: z.enum(ACTOR_KINDS).openapi({ description: 'Kind of the actor.' }),
          actorId: z.string().nullable().openapi({ description: 'Id or name of the actor.' }),
          count,
        }),
      )
      .openapi({ description: 'The twenty most active actors.' }),
    byTarget: z
      .array(z.object({ targetType: z.string().openapi({ description: 'Type of the target.' }), count }))
      .openapi({ description: 'The twenty most frequent types of targets.' }),
    buckets: z
      .array(z.object({ startsAt: z.iso.datetime().openapi({ description: 'Start of the bucket.' }), count }))
      .openapi({ description: 'Entries by time, oldest bucket first.' }),
    recentCritical: z
      .array(auditLogSchema)
      .openapi({ description: 'The ten newest entries with severity `critical`.' }),
  })
  .openapi('AuditLogStats');
export type AuditStatsView = z.output<typeof statsSchema>;

export const EXPORT_FORMATS = ['csv', 'jsonl', 'bundle'] as const;

export const exportRequestSchema = z
  .strictObject({
    format: z.enum(EXPORT_FORMATS).openapi({
      description:
        '`csv`; `jsonl`: one JSON object per line; `bundle`: signed JSON lines for offline verification.',
    }),
    from: fromSchema,
    to: toSchema,
    byteOrderMark: z.boolean().default(false).openapi({
      description:
        'Begins a `csv` file with a byte order mark, by which spreadsheets recognize UTF-8; other formats have none.',
    }),
  })
  .refine(isRangeOrdered, RANGE_ORDER_ISSUE);
export type AuditExportRequest = z.output<typeof exportRequestSchema>;

/** The input of the export operation, stored with it. */
export const exportInputSchema = z.object({
  format: z.enum(EXPORT_FORMATS),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  /** Absent in operations that an earlier version started. */
  byteOrderMark: z.boolean().optional(),
});
export type AuditExportInput = z.output<typeof exportInputSchema>;
