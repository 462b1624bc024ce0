import { z } from '@hono/zod-openapi';
import {
  idSchema,
  momentSince1970Schema,
  pageQuerySchema,
  pageSchema,
  queryIntegerSchema,
} from '../../kernel/core/index.ts';
import { dimensionNameSchema, meterNameSchema } from '../meters/index.ts';

export const MAX_PERIOD_DAYS = 366;
export const INTERVALS = ['hour', 'day', 'month'] as const;
export type UsageInterval = (typeof INTERVALS)[number];

const from = momentSince1970Schema.optional().openapi({
  description:
    'Start of the period, rounded down to the hour, UTC. Default: the start of the calendar month, UTC, in which the period ' +
    'ends.',
  example: '2026-01-01T00:00:00.000Z',
});
const to = momentSince1970Schema.optional().openapi({
  description:
    `End of the period, excluded, rounded up to the hour, UTC; at most ${MAX_PERIOD_DAYS} days after its start. Default: the ` +
    'end of the calendar month, UTC, in which the period starts, or of the current month when neither is given.',
  example: '2026-02-01T00:00:00.000Z',
});
/** The fields of a query that determine its period: see `resolvePeriod`. */
export const periodQueryFields = { from, to };
const meter = meterNameSchema.openapi({ description: 'Name of a meter.' });

/** The usage that counts: all, or only usage with a value of a dimension. */
const dimensionFields = {
  dimension: dimensionNameSchema.optional().openapi({
    description: 'Only usage with a value of this dimension; `value` says which.',
  }),
  value: z.string().min(1).max(200).optional().openapi({
    description: 'The value of `dimension`, 1 to 200 characters.',
    example: 'EU',
  }),
};

export const summaryQuerySchema = z.strictObject({ ...dimensionFields, from, to });
export type SummaryQuery = z.output<typeof summaryQuerySchema>;
export const breakdownQuerySchema = z.strictObject({
  meter,
  by: dimensionNameSchema.openapi({ description: 'Dimension of the meter by which usage is grouped.' }),
  ...dimensionFields,
  limit: queryIntegerSchema(1, 100)
    .default(20)
    .openapi({ description: 'Maximum number of groups, 1 to 100, the largest first.', example: 20 }),
  from,
  to,
});
export type BreakdownQuery = z.output<typeof breakdownQuerySchema>;
export const timelineQuerySchema = z.strictObject({
  meter,
  interval: z.enum(INTERVALS).default('day').openapi({
    description: 'Length of the intervals, UTC: `hour` for periods of at most 31 days, `day` or `month`.',
    example: 'day',
  }),
  ...dimensionFields,
  from,
  to,
});
export type TimelineQuery = z.output<typeof timelineQuerySchema>;
export const recordsQuerySchema = pageQuerySchema.extend({
  meter: meter.optional().openapi({ description: 'Only records of this meter.' }),
  ...dimensionFields,
  from,
  to,
});
export type RecordsQuery = z.output<typeof recordsQuerySchema>;

export const quantitySchema = (description: string) => z.int().openapi({ description, example: 3_600_000 });
/** The fields of a period in an answer. */
export const periodFields = {
  from: z.iso.datetime().openapi({ description: 'Start of the period.' }),
  to: z.iso.datetime().openapi({ description: 'End of the period, excluded.' }),
};
/** The fields that describe the meter. */
export const meterFields = {
  meter: meterNameSchema.openapi({ description: 'Name of the meter.' }),
  unit: z.string().openapi({ description: 'The base unit of the quantities.', example: 'milliseconds' }),
  unitQuantity: z.int().openapi({
    description: 'How many base units make one unit of plans and prices.',
    example: 60_000,
  }),
};

export const breakdownSchema = z
  .object({
    ...periodFields,
    ...meterFields,
    by: z.string().openapi({ description: 'The dimension.', example: 'region' }),
    groups: z
      .array(
        z.object({
          value: z.string().nullable().openapi({
            description:
              'Value of the dimension; null for usage without one, such as that of users who were erased.',
            example: 'EU',
          }),
          quantity: quantitySchema('What was used in the period, in base units.'),
        }),
      )
      .openapi({ description: 'The groups, the largest first.' }),
    otherQuantity: quantitySchema('Usage of the groups that are left out, in base units.'),
    totalQuantity: quantitySchema('Usage of all groups, in base units.'),
  })
  .openapi('UsageBreakdown');
export type BreakdownView = z.output<typeof breakdownSchema>;

export const timelineSchema = z
  .object({
    ...periodFields,
    ...meterFields,
    intervals: z
      .array(
        z.object({
          startsAt: z.iso
            .datetime()
            .openapi({ description: 'Start of the interval; the first one starts with the period.' }),
          quantity: quantitySchema('What was used in the interval, in base units.'),
        }),
      )
      .openapi({ description: 'Every interval of the period, in order, also those without usage.' }),
  })
  .openapi('UsageTimeline');
export type TimelineView = z.output<typeof timelineSchema>;

export const recordSchema = z
  .object({
    id: idSchema('usageEvent').openapi({ description: 'Id of the record.' }),
    meter: meterNameSchema.openapi({ description: 'Name of the meter.' }),
    key: z.string().openapi({
      description:
        'Source of the usage: a connection of a call, or `source` and `id` of an event of the organization.',
    }),
    revision: z.int().openapi({
      description:
        'Number of the revision, from 1. A later revision corrects the earlier ones: their quantities are added ' +
        'up.',
      example: 1,
    }),
    quantity: quantitySchema('In base units; negative when a correction takes something back.'),
    dimensions: z.record(z.string(), z.string()).openapi({
      description: 'Values by dimension.',
      example: { region: 'EU', kind: 'user' },
    }),
    source: z.string().nullable().openapi({
      description: 'The `source` of an event of the organization; null for what the product counted.',
    }),
    occurredAt: z.iso
      .datetime()
      .openapi({ description: 'When the usage began: the hour in which it counts.' }),
    recordedAt: z.iso.datetime().openapi({ description: 'When it was recorded.' }),
  })
  .openapi('UsageRecord');
export type RecordView = z.output<typeof recordSchema>;
export const recordPageSchema = pageSchema(recordSchema);
