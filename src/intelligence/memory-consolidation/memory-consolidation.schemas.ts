import { z } from '@hono/zod-openapi';

const SCOPES = ['person', 'organization'] as const;
export type ConsolidationScope = (typeof SCOPES)[number];

export const consolidationParamsSchema = z.strictObject({
  scope: z
    .enum(SCOPES)
    .describe(
      '`person`: the memories of the current user alone; `organization`: those of the organization, of its rooms and of its agents.',
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
      'The most memories of the person, of the organization, and of each room and agent: of more, those that were not recalled or changed for longest are ' +
        'forgotten. Null: no limit but that of the plan.',
    ),
  forgetUnusedDays: z
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .describe(
      'After how many days a memory that was neither recalled nor changed is forgotten. Null: never.',
    ),
};

export const updateConsolidationSchema = z.strictObject(fields);
export type UpdateConsolidation = z.output<typeof updateConsolidationSchema>;

export const consolidationSchema = z
  .object({
    ...fields,
    updatedAt: z.iso
      .datetime()
      .nullable()
      .describe('When it was last changed; null while the defaults hold.'),
  })
  .openapi('MemoryConsolidation');
export const consolidationExample: z.output<typeof consolidationSchema> = {
  mergeSame: true,
  mostMemories: 5_000,
  forgetUnusedDays: 365,
  updatedAt: '2026-01-05T09:30:00.000Z',
};
