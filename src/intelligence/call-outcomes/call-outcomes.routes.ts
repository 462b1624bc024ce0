import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import {
  listOutcomesSchema,
  outcomeExample,
  outcomePageSchema,
  roomParamsOfOutcomesSchema,
} from './call-outcomes.schemas.ts';
import { listOutcomes, presentOutcome } from './read-outcomes.ts';

export const outcomeRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/rooms/{roomId}/call-outcomes',
    operationId: 'listCallOutcomes',
    tag: 'Meeting workflows',
    summary: 'List call outcomes',
    description:
      'Lists the decisions and action items that meeting workflows have found in calls of the room, ' +
      'the newest first. Each cites the moments at which it was said, and is deleted with the ' +
      'transcript. Hosts and moderators of the room can do this.',
    access: { kind: 'permission', permission: 'transcripts:read' },
    limit: 'api',
    params: roomParamsOfOutcomesSchema,
    query: listOutcomesSchema,
    success: {
      200: {
        description: 'A page of outcomes',
        schema: outcomePageSchema,
        example: { data: [outcomeExample], nextCursor: null },
      },
    },
    errors: [roomErrors.notFound, moderatorErrors.notModerator],
    handle: (ctx, { params, query }) => listOutcomes(ctx, params.roomId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentOutcome), nextCursor }),
  }),
];
