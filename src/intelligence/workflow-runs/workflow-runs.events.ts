import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { RUN_STATES } from './workflow-runs.enums.ts';

const runId = idSchema('workflowRun').describe('Id of the run.');

export const runEnded = defineEvent({
  type: 'meeting_workflow.run_ended',
  description: 'A run of a meeting workflow is done, has failed or was cancelled.',
  payload: z.object({
    runId,
    callId: idSchema('call').describe('Id of the call.'),
    roomId: idSchema('room').describe('Id of the room.'),
    state: z.enum(RUN_STATES).describe('How it ended: `done`, `failed` or `cancelled`.'),
    reason: z.string().nullable().describe('Why it failed, was cancelled or did nothing; null otherwise.'),
  }),
  example: {
    runId: exampleId('workflowRun'),
    callId: exampleId('call'),
    roomId: exampleId('room'),
    state: 'done',
    reason: null,
  },
  key: (payload) => payload.runId,
});

/** A run has further steps to do. */
export const runAdvanced = defineEvent({
  type: 'meeting_workflow.run_advanced',
  description: 'A step of a run is due.',
  payload: z.object({ runId }),
  example: { runId: exampleId('workflowRun') },
  key: (payload) => payload.runId,
  internal: true,
});

export const runEvents = [runEnded, runAdvanced];
