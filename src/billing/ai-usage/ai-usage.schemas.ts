import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, queryIntegerSchema } from '../../kernel/core/index.ts';
import { GENERATION_FEATURES } from '../../intelligence/generations/index.ts';
import { periodExample, periodFields, periodQueryFields } from '../usage/index.ts';
import { AI_FEATURES, AI_GROUPS } from './ai-usage.enums.ts';

const FEATURES = [...GENERATION_FEATURES, ...AI_FEATURES.filter((name) => name !== 'ai')] as [
  string,
  ...string[],
];
const filters = {
  model: lineSchema(200).optional().openapi({ description: 'Only this model.', example: 'claude-haiku-4-5' }),
  feature: z
    .enum(FEATURES)
    .optional()
    .openapi({ description: 'Only this feature, as `by=feature` names it.' }),
  userId: idSchema('user').optional().openapi({ description: 'Only usage by this person.' }),
  roomId: idSchema('room').optional().openapi({ description: 'Only usage for this room.' }),
  callId: idSchema('call').optional().openapi({ description: 'Only usage in this call.' }),
  agentId: idSchema('agent').optional().openapi({ description: 'Only usage by this agent.' }),
  conversationId: idSchema('agentConversation')
    .optional()
    .openapi({ description: 'Only usage by this conversation with an agent.' }),
  teamRunId: idSchema('teamRun').optional().openapi({ description: 'Only usage by this run of a team.' }),
};
export const aiQuerySchema = z.strictObject({
  by: z
    .enum(AI_GROUPS)
    .default('model')
    .openapi({
      description:
        'How usage is grouped. `feature` is the part of the product that used AI, such as `agents`, `speech` or ' +
        '`memory`. A `day` is in the time zone of the organization.',
      example: 'model',
    }),
  limit: queryIntegerSchema(1, 100).default(20).openapi({
    description: 'Maximum number of groups, 1 to 100, the largest first; days are all shown.',
  }),
  ...filters,
  ...periodQueryFields,
});
export type AiQuery = z.output<typeof aiQuerySchema>;

const quantitiesSchema = z
  .object({
    uses: z.int().openapi({
      description:
        'Number of uses: answers of models, transcriptions, texts that were spoken. A use that several meters ' +
        'count is one.',
    }),
    quantities: z
      .array(
        z
          .object({
            meter: z.string().openapi({ description: 'Name of the meter.' }),
            quantity: z.int().openapi({ description: 'The quantity, in base units of the meter.' }),
            unit: z
              .string()
              .openapi({ description: 'The base unit: `count` of tokens or characters, or `milliseconds`.' }),
          })
          .openapi('AiQuantity'),
      )
      .openapi({ description: 'One entry for each meter that counted something.' }),
  })
  .openapi('AiQuantities');
export type QuantitiesView = z.output<typeof quantitiesSchema>;

export const aiUsageSchema = z
  .object({
    ...periodFields,
    timeZone: z.string().openapi({ description: 'IANA name of the time zone in which days begin.' }),
    by: z.enum(AI_GROUPS).openapi({ description: 'How usage is grouped.' }),
    groups: z
      .array(
        quantitiesSchema
          .extend({
            value: z.string().nullable().openapi({
              description:
                'The value that the uses of the group share; null for uses without one, and for erased users.',
              example: 'claude-haiku-4-5',
            }),
          })
          .openapi('AiUsageGroup'),
      )
      .openapi({ description: 'The groups, the one with most uses first; days in their order.' }),
    hasMore: z.boolean().openapi({ description: 'Whether groups are left out; the total has them.' }),
    total: quantitiesSchema.openapi({ description: 'All groups together.' }),
  })
  .openapi('AiUsage');
export type AiUsageView = z.output<typeof aiUsageSchema>;

const quantities: QuantitiesView = {
  uses: 12,
  quantities: [{ meter: 'ai_output_tokens', quantity: 4_200, unit: 'count' }],
};
export const aiUsageExample: AiUsageView = {
  ...periodExample,
  timeZone: 'UTC',
  by: 'model',
  groups: [{ value: 'claude-haiku-4-5', ...quantities }],
  hasMore: false,
  total: quantities,
};
