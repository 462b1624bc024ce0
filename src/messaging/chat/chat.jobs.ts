import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';

const payload = z.strictObject({ roomId: idSchema('room'), messageIds: z.array(idSchema('message')) });

/** Events that nobody here acts on. */
export const chatJobs: readonly Job[] = [
  defineJob({ type: 'chat.message_sent', payload }),
  defineJob({ type: 'chat.message_edited', payload }),
  defineJob({ type: 'chat.message_deleted', payload }),
  defineJob({ type: 'chat.message_reacted', payload }),
];
