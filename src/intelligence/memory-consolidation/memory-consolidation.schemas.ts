import { z } from '@hono/zod-openapi';

const SCOPES = ['person', 'organization'] as const;
export type ConsolidationScope = (typeof SCOPES)[number];

export const consolidationParamsSchema = z.strictObject({
  scope: z
    .enum(SCOPES)
    .describe(
      "`person`: the current user's own memories; `organization`: those of the organization, its " +
        'rooms and its agents.',
    ),
});

const fields = {
  mergeSame: z
    .boolean()
    .describe('Whether memories with the same words in the same order are merged. Each merge can be undone.'),
  mostMemories: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .describe(
      'The most memories of the person, of the organization, and of each room and agent. When there ' +
        'are more, those that were not recalled or changed for the longest time are forgotten. Null: ' +
        'only the limit of the plan applies.',
    ),
  forgetUnusedDays: z
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .describe('A memory is forgotten after so many days without being recalled or changed. Null: never.'),
};

export const updateConsolidationSchema = z.strictObject(fields);
export type UpdateConsolidation = z.output<typeof updateConsolidationSchema>;

export const consolidationSchema = z
  .object({
    ...fields,
    updatedAt: z.iso
      .datetime()
      .nullable()
      .describe('When it was last changed; null while the defaults apply.'),
  })
  .openapi('MemoryConsolidation');
export const consolidationExample: z.output<typeof consolidationSchema> = {
  mergeSame: true,
  mostMemories: 5_000,
  forgetUnusedDays: 365,
  updatedAt: '2026-01-05T09:30:00.000Z',
};
