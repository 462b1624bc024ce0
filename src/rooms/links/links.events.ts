import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

const payload = z.strictObject({ linkId: idSchema('link'), roomId: roomIdSchema });

/** Events that nobody here acts on. */
export const linkEvents: readonly Subscription[] = [
  defineSubscription({ type: 'link.created', payload }),
  defineSubscription({ type: 'link.updated', payload }),
  defineSubscription({ type: 'link.deleted', payload }),
  defineSubscription({ type: 'link.used', payload: payload.extend({ identity: z.string() }) }),
];
