import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { RUN_REASONS, RUN_STATES } from './team-runs.enums.ts';

const runId = idSchema('teamRun').describe('Id of the run.');

/** A run is due: it has begun, or one of its limits may be reached. */
export const teamRunDue = defineEvent({
  type: 'ai.team_run_due',
  description: 'A run of a team has begun, or its time limit has passed.',
  payload: z.object({ runId }),
  example: { runId: exampleId('teamRun') },
  key: ({ runId: id }) => id,
  internal: true,
});

export const teamRunEnded = defineEvent({
  type: 'ai.team_run_ended',
  description: 'A run of a team of agents has ended.',
  payload: z.object({
    runId,
    state: z.enum(RUN_STATES).describe('How it ended.'),
    reason: z.enum(RUN_REASONS).nullable().describe('Why it is incomplete or failed; null otherwise.'),
  }),
  example: { runId: exampleId('teamRun'), state: 'completed', reason: null },
  key: ({ runId: id }) => id,
});
