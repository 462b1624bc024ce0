import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

export const teamDeleted = defineEvent({
  type: 'ai.team_deleted',
  description: 'A team of agents was deleted.',
  payload: z.object({ teamId: idSchema('team').describe('Id of the team.') }),
  example: { teamId: exampleId('team') },
  key: ({ teamId }) => teamId,
});
