import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../kernel/core/index.ts';
import { knownOrUnknownMoneySchema, moneySchema } from '../../kernel/money/index.ts';
import { meterNameSchema } from '../meters/index.ts';
import { periodQueryFields } from '../usage/index.ts';
import { BILL_CAUSES } from './bills.enums.ts';

/** One day less than the longest period, because a period is widened to full hours. */
const MAX_PERIOD_DAYS = 366;
const DAY_MS = 86_400_000;
export const MAX_LINES = 2_000;
export const MAX_CSV_CHARACTERS = 500_000;
const MAX_QUANTITY = 1_000_000_000_000_000;
const MAX_AMOUNT_MICROS = 1_000_000_000_000_000;

const dimensionValue = lineSchema(200);
const meter = meterNameSchema.openapi({ description: 'Meter whose usage is billed.' });
const model = dimensionValue.nullable().openapi({
  description: 'AI model of the line; null for all models that no other line names.',
  example: null,
});
const region = dimensionValue.nullable().openapi({
  description: 'Region of the line; null for all regions that no other line names.',
  example: null,
});
const quantity = z.int().min(0).max(MAX_QUANTITY).openapi({
  description: 'Billed quantity in base units of the meter, 0 to 10^15.',
  example: 3_600_000,
});

export const billLineSchema = z
  .strictObject({
    meter,
    model: model.default(null),
    region: region.default(null),
    quantity,
    amountMicros: z.int().min(0).max(MAX_AMOUNT_MICROS).openapi({
      description: 'Billed amount in millionths of a USD, 0 to 10^15.',
      example: 24_000,
    }),
  })
  .openapi('BillLine');
export type BillLine = z.output<typeof billLineSchema>;

export const compareBillSchema = z
  .strictObject({
    provider: dimensionValue.openapi({
      description: 'Provider of the bill. Usage that names no provider is compared if a line has its meter.',
      example: 'anthropic',
    }),
    from: periodQueryFields.from.unwrap().openapi({
      description: 'Start of the period of the bill, rounded down to the hour, UTC.',
      example: '2026-01-01T00:00:00.000Z',
    }),
    to: periodQueryFields.to.unwrap().openapi({
      description:
        'End of the period, excluded, rounded up to the hour, UTC; at most 365 days after its start.',
      example: '2026-02-01T00:00:00.000Z',
    }),
    lines: z
      .array(billLineSchema)
      .min(1)
      .max(MAX_LINES)
      .optional()
      .openapi({
        description:
          `Lines of the bill, 1 to ${MAX_LINES}; each combination of meter, model and region occurs once. Either ` +
          '`lines` or `csv` is required.',
      }),
    csv: z
      .string()
      .max(MAX_CSV_CHARACTERS)
      .optional()
      .openapi({
        description:
          'The bill as CSV with a header. Columns are `meter`, `quantity` (in base units) and `amount` (in USD, with at ' +
          'most 6 decimals), and if needed `model` and `region`. ' +
          `At most ${MAX_LINES} lines and ${MAX_CSV_CHARACTERS} characters.`,
        example: 'meter,quantity,amount\nparticipant_minutes,3600000,0.024\n',
      }),
  })
  .refine(({ lines, csv }) => (lines === undefined) !== (csv === undefined), {
    error: 'exactly one of lines and csv is needed',
    path: ['lines'],
  })
  .refine(({ from, to }) => to > from, { error: 'must be after the start', path: ['to'] })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= (MAX_PERIOD_DAYS - 1) * DAY_MS, {
    error: `must be at most ${MAX_PERIOD_DAYS - 1} days before the end`,
    path: ['from'],
  });
export type CompareBill = z.output<typeof compareBillSchema>;

const known = (description: string) => moneySchema.openapi({ description });
const maybeUnknown = (description: string) => knownOrUnknownMoneySchema.openapi({ description });

const comparedLineSchema = z
  .object({
    meter,
    model,
    region,
    billed: z
      .object({ quantity: z.int().openapi({ description: 'In base units.' }), cost: known('On the bill.') })
      .nullable()
      .openapi({ description: 'The amounts on the bill; null for usage that is on no line of it.' }),
    counted: z
      .object({
        quantity: z.int().openapi({ description: 'In base units.' }),
        cost: maybeUnknown('The cost by the stored prices; unknown when there are none.'),
        unknownCount: z.int().openapi({ description: 'Number of cost lines without a known price.' }),
      })
      .nullable()
      .openapi({ description: 'The usage that was counted here; null for a line without usage.' }),
    difference: maybeUnknown('Billed minus counted; unknown while some of the counted usage has no price.'),
    cause: z.enum(BILL_CAUSES).openapi({
      description:
        'The likely cause. `equal`: no difference. `rounding`: less than a cent at the same quantity. ' +
        '`quantity_differs`: the billed quantity explains the amount. `price_differs`: at the same quantity. ' +
        '`quantity_and_price_differ`: both. `missing_here`: only the bill has the usage. `missing_there`: the ' +
        'bill lacks the usage. `unknown_price`: no price is stored.',
    }),
  })
  .openapi('ComparedBillLine');
export type ComparedLineView = z.output<typeof comparedLineSchema>;

export const comparedBillSchema = z
  .object({
    billed: known('Sum of the lines of the bill.'),
    counted: maybeUnknown('Sum of the counted usage that has a known price.'),
    differentCount: z
      .int()
      .openapi({ description: 'Number of lines that differ by more than rounding.', example: 1 }),
    lines: z.array(comparedLineSchema).openapi({
      description: 'The lines of the bill in their order, then usage that is on none of them.',
    }),
  })
  .openapi('ComparedBill');
export type ComparedBillView = z.output<typeof comparedBillSchema>;

const cost = { amountMicros: 24_000, currency: 'USD' };
export const compareBillExample = {
  provider: 'livekit',
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
  lines: [{ meter: 'participant_minutes', quantity: 3_600_000, amountMicros: 24_000 }],
};
export const comparedBillExample: ComparedBillView = {
  billed: cost,
  counted: cost,
  differentCount: 0,
  lines: [
    {
      meter: 'participant_minutes',
      model: null,
      region: null,
      billed: { quantity: 3_600_000, cost },
      counted: { quantity: 3_600_000, cost, unknownCount: 0 },
      difference: { amountMicros: 0, currency: 'USD' },
      cause: 'equal',
    },
  ],
};
