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
      .describe('The lowest severity that counts. The model estimates severities; it does not measure them.'),
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
        'The model that is asked, one of the catalogue with `output_schema`. Default: the preferred ' +
          'one of the organization.',
      ),
    fallbackModels: z
      .array(lineSchema(200))
      .max(5)
      .optional()
      .describe(
        'Models that are asked in this order, at most 5, when the one before fails. With `model` only.',
      ),
    appliesTo: z
      .array(z.enum(REVIEW_SUBJECTS))
      .min(1)
      .max(2)
      .default([...REVIEW_SUBJECTS])
      .describe('The lines that it checks: messages of the chat, and captions.'),
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
        'The treatment of a message that no model could check, because none is configured, included ' +
          'in the plan or within the budget, or because it failed. `show`: it stays; `flag`: it stays, ' +
          'and waits for a review.',
      ),
  })
  .openapi('ModerationModelCheck');
export type ModelCheck = z.output<typeof modelCheckSchema>;
