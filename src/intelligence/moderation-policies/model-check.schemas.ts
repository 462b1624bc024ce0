import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../kernel/core/index.ts';
import { REVIEW_SUBJECTS } from '../../realtime/protocol/index.ts';
import {
  MODEL_ACTIONS,
  MODERATION_CATEGORIES,
  SEVERITIES,
  UNCHECKED_ACTIONS,
} from './moderation-policies.enums.ts';

const categoryRuleSchema = z
  .strictObject({
    category: z.enum(MODERATION_CATEGORIES).describe('What the model looks for.'),
    severity: z
      .enum(SEVERITIES)
      .default('medium')
      .describe('From which severity on it counts. The model states it; it is no measurement.'),
    action: z
      .enum(MODEL_ACTIONS)
      .default('flag')
      .describe(
        '`flag`: the message stays, and waits for a review. `hide`: it is deleted for everybody, and posted again if a review approves it.',
      ),
  })
  .openapi('ModerationCategoryRule');
export type CategoryRule = z.output<typeof categoryRuleSchema>;

export const modelCheckSchema = z
  .strictObject({
    model: lineSchema(200)
      .optional()
      .describe(
        'The model that is asked, one of the catalogue that has `output_schema`. Default: the one that the organization prefers.',
      ),
    fallbackModels: z
      .array(lineSchema(200))
      .max(5)
      .optional()
      .describe(
        'Models that are asked in this order, at most 5, when the one before does nothing. With `model` only.',
      ),
    appliesTo: z
      .array(z.enum(REVIEW_SUBJECTS))
      .min(1)
      .max(2)
      .default([...REVIEW_SUBJECTS])
      .describe('What it looks at: messages of the chat, and captions.'),
    categories: z
      .array(categoryRuleSchema)
      .min(1)
      .max(MODERATION_CATEGORIES.length)
      .refine(
        (list) => new Set(list.map(({ category }) => category)).size === list.length,
        'must name each category once',
      )
      .describe('What it looks for, each category at most once.'),
    whenNotChecked: z
      .enum(UNCHECKED_ACTIONS)
      .default('show')
      .describe(
        'What becomes of a message that no model could look at, because none is configured, included in the plan or within the budget, or ' +
          'because it failed: `show`: it stays; `flag`: it stays, and waits for a review.',
      ),
  })
  .openapi('ModerationModelCheck');
export type ModelCheck = z.output<typeof modelCheckSchema>;
