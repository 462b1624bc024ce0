import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema, queryIntegerSchema } from '../../kernel/core/index.ts';
import { knownOrUnknownMoneySchema } from '../../kernel/money/index.ts';
import { callIdSchema } from '../../insights/call-history/index.ts';
import { meterNameSchema } from '../meters/index.ts';
import { priceFields, priceIdSchema } from '../prices/index.ts';
import { periodQueryFields } from '../usage/index.ts';
import { COST_GROUPS, LINE_KINDS, OPERATOR_COST_GROUPS } from './costs.enums.ts';

const limit = queryIntegerSchema(1, 100).default(20).openapi({
  description: 'Maximum number of groups, 1 to 100, the most expensive first; days are all shown.',
});
export const summaryQuerySchema = z.strictObject({
  by: z
    .enum(COST_GROUPS)
    .default('meter')
    .openapi({
      description:
        'By what costs are summed: `meter`, `feature` (the meters of a feature together, such as `storage`), `room`, `user`, `model`, `call`, or `day` in the time zone of ' +
        'the organization.',
      example: 'meter',
    }),
  limit,
  ...periodQueryFields,
});
export type SummaryQuery = z.output<typeof summaryQuerySchema>;
/** Of costs by call, which have no sums by day. */
export const MAX_DAYS_BY_CALL = 7;
export const operatorSummaryQuerySchema = summaryQuerySchema.extend({
  by: z
    .enum(OPERATOR_COST_GROUPS)
    .default('organization')
    .openapi({
      description:
        'By what costs are summed: `organization`, `meter`, `feature`, `model`, `call`, or `day`, UTC. `call` for at most ' +
        `${MAX_DAYS_BY_CALL} days, by default the last ones, because it reads each line.`,
      example: 'organization',
    }),
});
export type OperatorSummaryQuery = z.output<typeof operatorSummaryQuerySchema>;

const sumFields = {
  cost: knownOrUnknownMoneySchema.openapi({
    description:
      'Sum of the lines whose price is known, to the micro-unit; unknown, which is not zero, when there are lines and none ' +
      'of them has a price.',
  }),
  unknownCount: z.int().openapi({
    description: 'How many lines have no known price: their cost comes on top. 0 when the sum is complete.',
    example: 0,
  }),
};
export type CostSumView = {
  [K in keyof typeof sumFields]: z.output<(typeof sumFields)[K]>;
};

const quantity = z.int().openapi({
  description: 'In base units of the meter; negative in what takes something back.',
  example: 3_600_000,
});
const meter = meterNameSchema.openapi({ description: 'Name of the meter: what was used.' });

const lineFields = {
  meter,
  quantity,
  price: z
    .object({ id: priceIdSchema, ...priceFields })
    .nullable()
    .openapi({ description: 'The price that applied when it was used; null while none is known.' }),
};
export type PriceOfLine = NonNullable<z.output<typeof lineFields.price>>;

export const callCostSchema = z
  .object({
    callId: callIdSchema,
    final: z.boolean().openapi({
      description:
        'Whether all connected time of the call is counted: false while it is running, and until the time of every connection is ' +
        'in the lines. Recordings, transcriptions and other work on the call may still add lines afterwards, and so may ' +
        'corrections and new prices.',
    }),
    ...sumFields,
    charges: z
      .array(z.object({ ...lineFields, ...sumFields }))
      .openapi({ description: 'The lines of the call, summed by meter and price. Their sum is `cost`.' }),
  })
  .openapi('CallCost');
export type CallCostView = z.output<typeof callCostSchema>;

export const costLineSchema = z
  .object({
    usageRecordId: idSchema('usageEvent').openapi({ description: 'Id of the record of usage.' }),
    entry: z.int().openapi({
      description: 'Position among the lines of the record, from 1; the last one is how it is priced now.',
      example: 1,
    }),
    kind: z.enum(LINE_KINDS).openapi({
      description:
        '`usage` for usage as it was recorded first, `correction` for a later record that corrects it; when a record was ' +
        'priced again, `taken_back` for what it cost before and `repriced` for what it costs.',
    }),
    ...lineFields,
    cost: knownOrUnknownMoneySchema.openapi({
      description: 'Quantity times price, rounded once, half to even; unknown without a price.',
    }),
    occurredAt: z.iso
      .datetime()
      .openapi({ description: 'When the usage began; it decides about the price.' }),
    recordedAt: z.iso.datetime().openapi({ description: 'When the line was written.' }),
  })
  .openapi('CostLine');
export type CostLineView = z.output<typeof costLineSchema>;
export const costLinePageSchema = pageSchema(costLineSchema).openapi('CostLinePage');

export const summarySchema = z
  .object({
    from: z.iso.datetime().openapi({ description: 'Start of the period.' }),
    to: z.iso.datetime().openapi({ description: 'End of the period, excluded.' }),
    timeZone: z.string().openapi({ description: 'IANA name of the time zone in which days begin.' }),
    by: z.string().openapi({ description: 'By what costs are summed.', example: 'meter' }),
    groups: z
      .array(
        z.object({
          value: z.string().nullable().openapi({
            description: 'What the lines have in common; null for those without it, and for erased users.',
            example: 'participant_minutes',
          }),
          ...sumFields,
        }),
      )
      .openapi({ description: 'The groups, the most expensive first; days in their order.' }),
    other: z.object(sumFields).openapi({ description: 'Sum of the groups that are left out.' }),
    total: z.object(sumFields).openapi({ description: 'Sum of all groups.' }),
  })
  .openapi('CostSummary');
export type SummaryView = z.output<typeof summarySchema>;
