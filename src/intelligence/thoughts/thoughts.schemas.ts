import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, linesSchema, pageSchema } from '../../kernel/core/index.ts';

/** Most thoughts of a chain. */
export const MAX_THOUGHTS = 500;

const number = z.number().int().min(1).max(MAX_THOUGHTS);
const chainId = idSchema('thoughtChain');
export const chainParamsSchema = z.strictObject({ chainId: chainId.describe('The chain of thoughts.') });

export const addThoughtSchema = z.strictObject({
  chainId: chainId
    .optional()
    .describe('The chain that the thought continues, from the first answer; absent to begin a new one.'),
  thought: linesSchema(10_000).describe('The current step of thinking, 1 to 10,000 characters.'),
  nextThoughtNeeded: z.boolean().describe('Whether another step follows.'),
  thoughtNumber: number.describe('Number of the thought in its sequence, from 1.'),
  totalThoughts: number.describe('Number of thoughts expected now; it can grow and shrink.'),
  isRevision: z.boolean().optional().describe('Whether it reconsiders an earlier thought.'),
  revisesThought: number.optional().describe('The number of the thought that it reconsiders.'),
  branchFromThought: number.optional().describe('The number of the thought that it branches from.'),
  branchId: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits and _ . -')
    .optional()
    .describe('Name of the branch, 1 to 64 letters, digits and `_ . -`.'),
  needsMoreThoughts: z.boolean().optional().describe('Whether more thoughts are needed than expected.'),
});
export type AddThought = z.output<typeof addThoughtSchema>;

export const addedThoughtSchema = z
  .object({
    chainId: chainId.describe('The chain, to be named in the next thought.'),
    thoughtNumber: number.describe('Number of the thought.'),
    totalThoughts: number.describe('Number of thoughts expected now, at least the number of this one.'),
    nextThoughtNeeded: z.boolean().describe('Whether another step follows.'),
    branches: z.array(z.string()).describe('Names of the branches of the chain.'),
    thoughtHistoryLength: z.number().int().describe('Number of thoughts in the chain.'),
  })
  .openapi('AddedThought');
export type AddedThought = z.output<typeof addedThoughtSchema>;

const thoughtSchema = z
  .object({
    thought: z.string().describe('The step of thinking.'),
    thoughtNumber: number.describe('Number of the thought.'),
    totalThoughts: number.describe('Number of thoughts expected then.'),
    nextThoughtNeeded: z.boolean().describe('Whether another step was to follow.'),
    revisesThought: number
      .nullable()
      .describe('The number of the thought that it reconsiders; null for none.'),
    branchFromThought: number
      .nullable()
      .describe('The number of the thought that it branches from; null for none.'),
    branchId: z.string().nullable().describe('Its branch; null for none.'),
    createdAt: z.iso.datetime().describe('When it was added.'),
  })
  .openapi('Thought');
export type ThoughtView = z.output<typeof thoughtSchema>;
export const thoughtPageSchema = pageSchema(thoughtSchema).openapi('ThoughtPage');

export const addThoughtExample = {
  thought: 'First list what is known.',
  nextThoughtNeeded: true,
  thoughtNumber: 1,
  totalThoughts: 3,
} satisfies z.input<typeof addThoughtSchema>;
export const addedThoughtExample: AddedThought = {
  chainId: exampleId('thoughtChain'),
  thoughtNumber: 1,
  totalThoughts: 3,
  nextThoughtNeeded: true,
  branches: [],
  thoughtHistoryLength: 1,
};
export const thoughtExample: ThoughtView = {
  ...addThoughtExample,
  revisesThought: null,
  branchFromThought: null,
  branchId: null,
  createdAt: '2026-01-05T09:30:00.000Z',
};
