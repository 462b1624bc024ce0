import { z } from '@hono/zod-openapi';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';

const EVENT_ID = /^evt_[0-7][0-9a-hjkmnp-tv-z]{25}(?:\.[a-z0-9_.-]{1,100})?$/;

/** Of an event, and of the subscriber that did not handle it. */
const deadLetterIdSchema = z.string().regex(EVENT_ID).openapi({
  description: 'Id of the event and name of the subscriber',
  example: 'evt_01jd3v7q8gf4kr2x6a0w9mznpe.presence.publish',
});
const organizationIdSchema = idSchema('organization');

const filterFields = {
  organizationId: organizationIdSchema.optional(),
  type: z.string().min(1).max(100).optional().openapi({ example: 'organization.created' }),
  subscriber: z.string().min(1).max(100).optional().openapi({ example: 'presence.publish' }),
};

export const deadLetterParamsSchema = z.strictObject({ deadLetterId: deadLetterIdSchema });
export const deadLetterQuerySchema = pageQuerySchema.extend(filterFields);
export type DeadLetterQuery = z.output<typeof deadLetterQuerySchema>;

export const deadLetterSchema = z
  .object({
    id: deadLetterIdSchema,
    organizationId: organizationIdSchema.nullable(),
    type: z.string(),
    subscriber: z.string(),
    key: z.string(),
    attempts: z.number().int(),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    diedAt: z.iso.datetime(),
  })
  .openapi('DeadLetter');
export type DeadLetterView = z.output<typeof deadLetterSchema>;

export const deadLetterDetailSchema = deadLetterSchema
  .extend({
    payload: z.record(z.string(), z.unknown()),
    traceparent: z.string(),
  })
  .openapi('DeadLetterDetail');
export type DeadLetterDetailView = z.output<typeof deadLetterDetailSchema>;

export const deadLetterPageSchema = pageSchema(deadLetterSchema).openapi('DeadLetterPage');

export const replayRequestSchema = z.strictObject({ ...filterFields, dryRun: z.boolean().default(false) });
export type ReplayRequest = z.output<typeof replayRequestSchema>;

export const replayResultSchema = z
  .object({
    /** Dead letters that the filter meets. */
    matched: z.number().int(),
    /** How many of them wait again now; 0 in a dry run. */
    replayed: z.number().int(),
  })
  .openapi('ReplayedDeadLetters');
export type ReplayResult = z.output<typeof replayResultSchema>;

export const outboxStatsSchema = z
  .object({
    pending: z.number().int(),
    /** Pending ones whose time has come. */
    due: z.number().int(),
    published: z.number().int(),
    running: z.number().int(),
    doneLastHour: z.number().int(),
    dead: z.number().int(),
    oldestDueAgeSeconds: z.number().int().nullable(),
    oldestDeadAgeSeconds: z.number().int().nullable(),
  })
  .openapi('OutboxStats');
export type OutboxStats = z.output<typeof outboxStatsSchema>;

export const deadLetterExample: DeadLetterView = {
  id: 'evt_01jd3v7q8gf4kr2x6a0w9mznpe.accounts.send-verification-mail',
  organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  type: 'user.signed_up',
  subscriber: 'accounts.send-verification-mail',
  key: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  attempts: 8,
  reason: 'TypeError: the mail provider answered 500',
  createdAt: '2026-01-05T09:30:00.000Z',
  diedAt: '2026-01-05T09:41:12.000Z',
};

export const outboxStatsExample: OutboxStats = {
  pending: 3,
  due: 1,
  published: 20,
  running: 4,
  doneLastHour: 1280,
  dead: 1,
  oldestDueAgeSeconds: 2,
  oldestDeadAgeSeconds: 86_400,
};
