import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';

const payload = z.strictObject({ roomId: idSchema('room'), messageIds: z.array(idSchema('message')) });

/** Events that nobody here acts on. */
export const chatEvents: readonly Subscription[] = [
  defineSubscription({ type: 'chat.message_sent', payload }),
  defineSubscription({ type: 'chat.message_edited', payload }),
  defineSubscription({ type: 'chat.message_deleted', payload }),
  defineSubscription({ type: 'chat.message_reacted', payload }),
];
