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
        'How costs are grouped: by `meter`, `feature` (all meters of a feature, such as `storage`), `room`, ' +
        '`user`, `model`, `call`, or `day` in the time zone of the organization.',
      example: 'meter',
    }),
  limit,
  ...periodQueryFields,
});
export type CostSummaryQuery = z.output<typeof summaryQuerySchema>;
/** Longest period of costs by call, which have no sums by day. */
export const MAX_DAYS_BY_CALL = 7;
export const operatorSummaryQuerySchema = summaryQuerySchema.extend({
  by: z
    .enum(OPERATOR_COST_GROUPS)
    .default('organization')
    .openapi({
      description:
        'How costs are grouped: by `organization`, `meter`, `feature`, `model`, `call`, or `day`, UTC. `call` ' +
        `covers at most ${MAX_DAYS_BY_CALL} days, by default the last ones, because it reads each line.`,
      example: 'organization',
    }),
});
export type OperatorSummaryQuery = z.output<typeof operatorSummaryQuerySchema>;

const sumFields = {
  cost: knownOrUnknownMoneySchema.openapi({
    description:
      'Sum of the lines with a known price, to the micro-unit. When none of the lines has a price, it is unknown, ' +
      'which is not zero.',
  }),
  unknownCount: z.int().openapi({
    description:
      'Number of lines without a known price, whose cost is not in the sum; 0 when the sum is complete.',
    example: 0,
  }),
};
export type CostSumView = {
  [K in keyof typeof sumFields]: z.output<(typeof sumFields)[K]>;
};

const quantity = z.int().openapi({
  description: 'In base units of the meter; negative in a line that takes something back.',
  example: 3_600_000,
});
const meter = meterNameSchema.openapi({ description: 'Name of the meter that counted the usage.' });

const lineFields = {
  meter,
  quantity,
  price: z
    .object({ id: priceIdSchema, ...priceFields })
    .nullable()
    .openapi({ description: 'The price that applied at the time of the usage; null while none is known.' }),
};
export type PriceOfLine = NonNullable<z.output<typeof lineFields.price>>;

export const callCostSchema = z
  .object({
    callId: callIdSchema,
    final: z.boolean().openapi({
      description:
        'Whether the connected time of all participants is in the lines; false while the call is running and ' +
        'shortly after its end. Recordings, transcriptions and other work on the call may still add lines ' +
        'afterwards, as may corrections and new prices.',
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
      description: 'Position among the lines of the record, from 1; the last one has the current price.',
      example: 1,
    }),
    kind: z.enum(LINE_KINDS).openapi({
      description:
        '`usage` for usage as it was first recorded, `correction` for a later record that corrects it. When a ' +
        'record was priced again, `taken_back` has its former cost, negated, and `repriced` its new one.',
    }),
    ...lineFields,
    cost: knownOrUnknownMoneySchema.openapi({
      description: 'Quantity times price, rounded once, with halves to even; unknown without a price.',
    }),
    occurredAt: z.iso
      .datetime()
      .openapi({ description: 'When the usage began, which determines its price.' }),
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
    by: z.string().openapi({ description: 'How costs are grouped.', example: 'meter' }),
    groups: z
      .array(
        z.object({
          value: z.string().nullable().openapi({
            description:
              'The value that the lines of the group share; null for lines without one, and for erased users.',
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
export type CostSummaryView = z.output<typeof summarySchema>;
