import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { PAUSE_REASONS, RUN_OUTCOMES } from './report-schedules.enums.ts';

const reportId = idSchema('report').describe('Id of the report.');

export const scheduledRunEnded = defineEvent({
  type: 'report_schedule.run_ended',
  description: 'A scheduled run of a report has ended.',
  payload: z.object({
    reportId,
    operationId: idSchema('operation').describe('Operation of the run.'),
    outcome: z.enum(RUN_OUTCOMES).describe('How it ended.'),
    failures: z.int().describe('Failed runs since the last one that succeeded, this one included.'),
  }),
  example: {
    reportId: exampleId('report'),
    operationId: exampleId('operation'),
    outcome: 'succeeded',
    failures: 0,
  },
  key: ({ reportId }) => reportId,
});

export const schedulePaused = defineEvent({
  type: 'report_schedule.paused',
  description: 'The schedule of a report was paused because it cannot run.',
  payload: z.object({
    reportId,
    reason: z
      .enum(PAUSE_REASONS)
      .exclude(['requested'])
      .describe('Runs that failed, or an owner or recipients who may no longer see the report.'),
  }),
  example: { reportId: exampleId('report'), reason: 'failures' },
  key: ({ reportId }) => reportId,
});

export const scheduleEvents = [scheduledRunEnded, schedulePaused];
