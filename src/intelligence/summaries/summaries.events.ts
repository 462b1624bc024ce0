import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { SUMMARY_REASONS, SUMMARY_STATES } from './summaries.enums.ts';

export const summaryFinished = defineEvent({
  type: 'summary.finished',
  description: 'A summary of a transcript is ready, or failed.',
  payload: z.object({
    summaryId: idSchema('summary').describe('Id of the summary.'),
    state: z.enum(SUMMARY_STATES).describe('How it ended: `ready` or `failed`.'),
    reason: z.enum(SUMMARY_REASONS).nullable().describe('Why it failed; null when it did not.'),
  }),
  example: { summaryId: exampleId('summary'), state: 'ready', reason: null },
  key: ({ summaryId }) => summaryId,
});

export const summaryEvents = [summaryFinished];
