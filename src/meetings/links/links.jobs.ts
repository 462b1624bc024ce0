import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

const payload = z.strictObject({ linkId: idSchema('link'), roomId: roomIdSchema });

/** Events that nobody here acts on. */
export const linkJobs: readonly Job[] = [
  defineJob({ type: 'link.created', payload }),
  defineJob({ type: 'link.updated', payload }),
  defineJob({ type: 'link.deleted', payload }),
  defineJob({ type: 'link.used', payload: payload.extend({ identity: z.string() }) }),
];
