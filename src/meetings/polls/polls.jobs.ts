import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { followPoll } from './vote.ts';

export const pollJobs: readonly Job[] = [
  defineJob({
    type: 'poll.changed',
    payload: z.strictObject({ roomId: roomIdSchema, pollId: idSchema('poll') }),
    handle: followPoll,
  }),
];
