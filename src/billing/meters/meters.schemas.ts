import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../kernel/core/index.ts';
import { MAX_METERS } from './meters.errors.ts';

export const MAX_DIMENSIONS = 10;

const OWN_NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;

/** The name of a meter that an organization defined. */
export const ownMeterNameSchema = z
  .string()
  .max(100)
  .regex(OWN_NAME, 'must be lower-case words joined by dots, at least two, such as acme.documents')
  .openapi({ example: 'acme.documents' });

/** The name of any meter: of the product, or the organization's own. */
export const meterNameSchema = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/, 'must be the name of a meter, such as participant_minutes')
  .openapi({ example: 'participant_minutes' });

/** The name of a dimension. */
export const dimensionNameSchema = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9_]*$/, 'must be the name of a dimension, such as room')
  .openapi({ example: 'region' });

const UNIT = 'The base unit in which quantities are counted, 1 to 40 characters.';
const UNIT_QUANTITY =
  'How many base units make one unit of plans and prices, 1 to 10^12: 60,000 for minutes that are counted in milliseconds.';

const fields = {
  unit: lineSchema(40).openapi({
    description: UNIT,
    example: 'count',
  }),
  unitQuantity: z
    .int()
    .min(1)
    .max(1_000_000_000_000)
    .openapi({
      description:
        'How many base units make one unit of plans and prices, 1 to 10^12: 60,000 for minutes that are counted in ' +
        'milliseconds.',
      example: 1,
    }),
  description: lineSchema(200).openapi({
    description: 'What is counted, 1 to 200 characters.',
    example: 'Documents that were generated.',
  }),
};

export const createMeterSchema = z.strictObject({
  name: ownMeterNameSchema.openapi({
    description:
      'Name of the meter, at most 100 characters: lower-case words joined by dots, at least two. It is the `type` of ' +
      'its events and does not change.',
  }),
  ...fields,
  unitQuantity: fields.unitQuantity.default(1),
  dimensions: z
    .array(dimensionNameSchema)
    .max(MAX_DIMENSIONS)
    .refine((names) => new Set(names).size === names.length, 'must name each dimension once')
    .default([])
    .openapi({
      description: `Names of the dimensions that events of the meter can have, at most ${MAX_DIMENSIONS}.`,
      example: ['template'],
    }),
});
export type CreateMeter = z.output<typeof createMeterSchema>;

export const meterSchema = z
  .object({
    name: meterNameSchema.openapi({ description: 'Name of the meter.' }),
    kind: z.enum(['product', 'own']).openapi({
      description: '`product` for what the product counts, `own` for a meter that the organization created.',
    }),
    feature: z.string().nullable().openapi({
      description: 'The feature to which its costs are attributed; null for a meter of the organization.',
      example: 'calls',
    }),
    unit: z.string().openapi({ description: UNIT, example: 'milliseconds' }),
    unitQuantity: z.int().openapi({ description: UNIT_QUANTITY, example: 60_000 }),
    description: z.string().openapi({ description: 'What is counted.' }),
    dimensions: z.array(z.string()).openapi({
      description: 'Names of the dimensions by which its usage can be grouped and filtered.',
      example: ['room', 'call', 'kind', 'role', 'region', 'user'],
    }),
  })
  .openapi('UsageMeter');
export type MeterView = z.output<typeof meterSchema>;

export const meterListSchema = z.object({
  data: z.array(meterSchema).openapi({
    description: `Meters of the product, then those of the organization by name: at most ${MAX_METERS} of its own.`,
  }),
});

export const meterExample: MeterView = {
  name: 'participant_minutes',
  kind: 'product',
  feature: 'calls',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Time for which participants were connected to calls. A connection is counted when it has ended.',
  dimensions: ['room', 'call', 'kind', 'role', 'region', 'user'],
};
export const ownMeterExample: MeterView = {
  name: 'acme.documents',
  kind: 'own',
  feature: null,
  unit: 'count',
  unitQuantity: 1,
  description: 'Documents that were generated.',
  dimensions: ['template'],
};
