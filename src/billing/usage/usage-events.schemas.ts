import { z } from '@hono/zod-openapi';
import { lineSchema, momentSince1970Schema } from '../../kernel/core/index.ts';
import { dimensionNameSchema, ownMeterNameSchema } from '../meters/index.ts';

export const MAX_EVENTS = 1_000;
/** Beyond this, a sum of a few thousand events could not be an exact number in JSON. */
const MAX_QUANTITY = 1_000_000_000_000;
/** How far the clock of a sender may be ahead. */
export const MAX_AHEAD_MS = 5 * 60_000;

const withoutSpace = /^[\x21-\x7e]+$/;

/** An event in the JSON format of CloudEvents 1.0. */
export const usageEventSchema = z
  .strictObject({
    specversion: z.literal('1.0').openapi({ description: 'Version of CloudEvents.' }),
    id: z
      .string()
      .min(1)
      .max(200)
      .regex(withoutSpace, 'must be visible ASCII characters without spaces')
      .openapi({
        description:
          'Id of the event, unique within its source for ever: 1 to 200 visible ASCII characters. An event with a known ' +
          '`source` and `id` counts once.',
        example: 'document-4711',
      }),
    source: z.string().min(1).max(200).regex(withoutSpace, 'must be a URI reference').openapi({
      description: 'Where the event comes from: a URI reference, 1 to 200 characters.',
      example: '/documents/eu-1',
    }),
    type: ownMeterNameSchema.openapi({ description: 'Name of a meter that the organization created.' }),
    time: momentSince1970Schema.optional().openapi({
      description:
        'When it happened; it may be long ago, and at most five minutes in the future. Default: when it is received.',
      example: '2026-01-05T09:30:00Z',
    }),
    subject: lineSchema(200).optional().openapi({
      description: 'Subject of the event, 1 to 200 characters. It is accepted and not stored.',
      example: 'invoice.pdf',
    }),
    datacontenttype: z.literal('application/json').optional().openapi({
      description: 'Media type of `data`; `application/json` is the only one.',
    }),
    dataschema: z.string().max(400).regex(withoutSpace, 'must be a URI').optional().openapi({
      description: 'URI of a schema of `data`, at most 400 characters. It is accepted and not stored.',
      example: 'https://acme.example/schemas/document.json',
    }),
    data: z
      .strictObject({
        quantity: z
          .int()
          .min(-MAX_QUANTITY)
          .max(MAX_QUANTITY)
          .openapi({
            description:
              "Quantity in the meter's base unit: a whole number from -10^12 to 10^12. A negative one corrects an " +
              'excess that was sent before.',
            example: 3,
          }),
        dimensions: z
          .record(dimensionNameSchema, lineSchema(200))
          .default({})
          .openapi({
            description: 'Values of 1 to 200 characters, by dimension of the meter.',
            example: { template: 'invoice' },
          }),
      })
      .openapi({ description: 'What was used.' }),
  })
  .openapi('UsageCloudEvent');
export type UsageEvent = z.output<typeof usageEventSchema>;

/** One event, or a batch. */
export const receiveEventsSchema = z.union([
  usageEventSchema,
  z
    .array(usageEventSchema)
    .min(1)
    .max(MAX_EVENTS)
    .openapi({ description: `A batch of 1 to ${MAX_EVENTS} events; all of them are recorded, or none.` }),
]);

export const receivedSchema = z
  .object({
    received: z
      .int()
      .openapi({ description: 'Number of events in the request; all of them are recorded now.', example: 1 }),
    duplicates: z.int().openapi({
      description:
        'Number of them that were recorded before, or occur twice in the request, and did not count again.',
      example: 0,
    }),
  })
  .openapi('ReceivedUsageEvents');
export type ReceivedView = z.output<typeof receivedSchema>;

export const usageEventExample: z.input<typeof usageEventSchema> = {
  specversion: '1.0',
  id: 'document-4711',
  source: '/documents/eu-1',
  type: 'acme.documents',
  time: '2026-01-05T09:30:00Z',
  data: { quantity: 3, dimensions: { template: 'invoice' } },
};
