import { z } from '@hono/zod-openapi';
import { ACTOR_KINDS, SEVERITIES } from '../../kernel/audit/index.ts';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';

const momentSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const optionalMomentSchema = momentSchema.optional().openapi({ type: 'string', format: 'date-time' });
const isRangeOrdered = ({ from, to }: { from?: Date | undefined; to?: Date | undefined }) =>
  !from || !to || from < to;
const RANGE_ORDER_ISSUE = { path: ['to'], message: 'must be after from' };

export const auditLogParamsSchema = z.strictObject({ auditLogId: idSchema('auditLog') });

export const auditLogQuerySchema = pageQuerySchema
  .extend({
    action: z.string().min(1).max(100).optional().openapi({ example: 'organization.updated' }),
    actorId: z.string().min(1).max(100).optional(),
    targetType: z.string().min(1).max(100).optional().openapi({ example: 'organization' }),
    targetId: z.string().min(1).max(200).optional(),
    severity: z.enum(SEVERITIES).optional(),
    from: optionalMomentSchema,
    to: optionalMomentSchema,
  })
  .refine(isRangeOrdered, RANGE_ORDER_ISSUE);
export type AuditLogQuery = z.output<typeof auditLogQuerySchema>;

export const auditLogSchema = z
  .object({
    id: idSchema('auditLog'),
    actorKind: z.enum(ACTOR_KINDS),
    actorId: z.string().nullable(),
    action: z.string(),
    severity: z.enum(SEVERITIES),
    targetType: z.string(),
    targetId: z.string(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z.string(),
    createdAt: z.iso.datetime(),
    /** When its personal fields were erased. */
    erasedAt: z.iso.datetime().nullable(),
    /** Its place in the chain; null until it is sealed, within a minute. */
    seal: z.object({ seq: z.number().int(), previousHash: z.string(), hash: z.string() }).nullable(),
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
  period: z.enum(STATS_PERIODS).default('daily'),
  buckets: z.coerce.number().int().min(1).max(MAX_BUCKETS).default(30).openapi({ example: 30 }),
  to: optionalMomentSchema,
});
export type AuditStatsQuery = z.output<typeof statsQuerySchema>;

const count = z.number().int();
export const statsSchema = z
  .object({
    period: z.enum(STATS_PERIODS),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    total: count,
    bySeverity: z.record(z.enum(SEVERITIES), count),
    /** The twenty most frequent, as in the lists that follow. */
    byAction: z.array(z.object({ action: z.string(), count })),
    byActor: z.array(z.object({ actorKind: z.enum(ACTOR_KINDS), actorId: z.string().nullable(), count })),
    byTarget: z.array(z.object({ targetType: z.string(), count })),
    buckets: z.array(z.object({ startsAt: z.iso.datetime(), count })),
    /** The ten newest critical ones. */
    recentCritical: z.array(auditLogSchema),
  })
  .openapi('AuditLogStats');
export type AuditStatsView = z.output<typeof statsSchema>;

export const EXPORT_FORMATS = ['csv', 'jsonl', 'bundle'] as const;

export const exportRequestSchema = z
  .strictObject({ format: z.enum(EXPORT_FORMATS), from: optionalMomentSchema, to: optionalMomentSchema })
  .refine(isRangeOrdered, RANGE_ORDER_ISSUE);
export type AuditExportRequest = z.output<typeof exportRequestSchema>;

/** What the operation keeps of the request. */
export const exportInputSchema = z.object({
  format: z.enum(EXPORT_FORMATS),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
});
export type AuditExportInput = z.output<typeof exportInputSchema>;

export const verifyQuerySchema = z.strictObject({
  fromSeq: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).default(1).openapi({ example: 1 }),
});

export const verifyReportSchema = z
  .object({
    valid: z.boolean(),
    complete: z.boolean(),
    fromSeq: count,
    toSeq: count,
    sealedCount: count,
    unsealedCount: count,
    headHash: z.string(),
    checkpoint: z
      .object({
        seq: count,
        headHash: z.string(),
        keyId: z.string(),
        statement: z.string(),
        createdAt: z.iso.datetime(),
      })
      .nullable(),
    problems: z.array(
      z.object({
        code: z.string(),
        seq: count.nullable(),
        entryId: z.string().nullable(),
        message: z.string(),
      }),
    ),
  })
  .openapi('AuditVerification');
export type AuditVerificationView = z.output<typeof verifyReportSchema>;
