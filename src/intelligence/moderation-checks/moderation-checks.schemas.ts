import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageSchema } from '../../kernel/core/index.ts';
import { CHECK_REASONS, CHECK_STATES } from './moderation-checks.enums.ts';

const checkSchema = z
  .object({
    id: idSchema('moderationCheck').describe('Id of the check.'),
    roomId: idSchema('room').describe('The room.'),
    callId: idSchema('call').nullable().describe('The call; null outside calls.'),
    state: z
      .enum(CHECK_STATES)
      .describe(
        '`running`; `done`: a model has checked the lines; `failed`: no model has checked them, and ' +
          'they stayed.',
      ),
    reason: z
      .enum(CHECK_REASONS)
      .nullable()
      .describe('Why no model has checked the lines; null when one has.'),
    errorCode: z
      .string()
      .nullable()
      .describe('The error code why no model was asked (`not_asked`); null otherwise.'),
    lines: z.int().describe('Number of messages and captions in the check.'),
    found: z.int().describe('Number of them that wait for a review, or did.'),
    generationId: idSchema('generation')
      .nullable()
      .describe('The generation of the model; null when none was asked.'),
    createdAt: z.iso.datetime().describe('When it began.'),
    endedAt: z.iso.datetime().nullable().describe('When it ended; null while it runs.'),
  })
  .openapi('ModerationCheck');
export type CheckView = z.output<typeof checkSchema>;
export const checkPageSchema = pageSchema(checkSchema).openapi('ModerationCheckPage');

export const checkExample: CheckView = {
  id: exampleId('moderationCheck'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  state: 'done',
  reason: null,
  errorCode: null,
  lines: 12,
  found: 1,
  generationId: exampleId('generation'),
  createdAt: '2026-01-05T09:30:00.000Z',
  endedAt: '2026-01-05T09:30:02.000Z',
};
