import { z } from '@hono/zod-openapi';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';

const EVENT_ID = /^evt_[0-7][0-9a-hjkmnp-tv-z]{25}(?:\.[a-z0-9_.-]{1,100})?$/;

/** Id of the event and name of the subscriber that did not handle it. */
const deadLetterIdSchema = z.string().regex(EVENT_ID).openapi({
  description: 'Id of the dead letter: id of the event and name of the subscriber.',
  example: 'evt_01jd3v7q8gf4kr2x6a0w9mznpe.presence.publish',
});
const organizationIdSchema = idSchema('organization').openapi({
  description: 'Id of the organization that the event belongs to.',
});
const typeDescription = 'Type of the event.';
const subscriberDescription = 'Name of the subscriber that did not handle the event.';

const filterFields = {
  organizationId: organizationIdSchema.optional(),
  type: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: typeDescription, example: 'organization.created' }),
  subscriber: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: subscriberDescription, example: 'presence.publish' }),
};

export const deadLetterParamsSchema = z.strictObject({ deadLetterId: deadLetterIdSchema });
export const deadLetterQuerySchema = pageQuerySchema.extend(filterFields);
export type DeadLetterQuery = z.output<typeof deadLetterQuerySchema>;

export const deadLetterSchema = z
  .object({
    id: deadLetterIdSchema,
    organizationId: organizationIdSchema.nullable().openapi({
      description: 'Id of the organization that the event belongs to; null for none.',
    }),
    type: z.string().openapi({ description: typeDescription }),
    subscriber: z.string().openapi({ description: subscriberDescription }),
    key: z
      .string()
      .openapi({ description: 'Id whose events are delivered in order, for example of a room.' }),
    attempts: z.number().int().openapi({ description: 'How many times the delivery was tried.' }),
    reason: z.string().openapi({ description: 'Error of the last attempt; empty when it left none.' }),
    createdAt: z.iso.datetime().openapi({ description: 'When the delivery was created.' }),
    diedAt: z.iso.datetime().openapi({ description: 'When the delivery failed for good.' }),
  })
  .openapi('DeadLetter');
export type DeadLetterView = z.output<typeof deadLetterSchema>;

export const deadLetterDetailSchema = deadLetterSchema
  .extend({
    payload: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'Payload of the event; secrets and personal data are redacted.' }),
    traceparent: z
      .string()
      .openapi({ description: 'W3C trace context of the request that wrote the event.' }),
  })
  .openapi('DeadLetterDetail');
export type DeadLetterDetailView = z.output<typeof deadLetterDetailSchema>;

export const deadLetterPageSchema = pageSchema(deadLetterSchema).openapi('DeadLetterPage');

export const replayRequestSchema = z.strictObject({
  ...filterFields,
  dryRun: z
    .boolean()
    .default(false)
    .openapi({ description: 'Whether to count the matching dead letters without replaying them.' }),
});
export type ReplayRequest = z.output<typeof replayRequestSchema>;

export const replayResultSchema = z
  .object({
    matched: z.number().int().openapi({ description: 'Dead letters that match the filter.' }),
    replayed: z
      .number()
      .int()
      .openapi({ description: 'How many of them are delivered again, at most 200; 0 in a dry run.' }),
  })
  .openapi('ReplayedDeadLetters');
export type ReplayResult = z.output<typeof replayResultSchema>;

export const outboxStatsSchema = z
  .object({
    pending: z.number().int().openapi({ description: 'Events and deliveries that wait.' }),
    due: z.number().int().openapi({ description: 'Pending deliveries that could start now.' }),
    published: z.number().int().openapi({ description: 'Deliveries whose wakeup is in the queue.' }),
    running: z.number().int().openapi({ description: 'Deliveries that a subscriber is handling now.' }),
    doneLastHour: z.number().int().openapi({ description: 'Deliveries that succeeded in the last hour.' }),
    dead: z.number().int().openapi({ description: 'Deliveries that failed for good: the dead letters.' }),
    oldestDueAgeSeconds: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'Seconds for which the oldest due delivery has waited; null for none.' }),
    oldestDeadAgeSeconds: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'Seconds since the oldest dead letter failed; null for none.' }),
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
