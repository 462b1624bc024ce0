import { z } from '@hono/zod-openapi';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { roomIdSchema } from './rooms.schemas.ts';

/** The payload of every effect about a room as such. */
export const roomPayload = z.strictObject({ roomId: roomIdSchema });

/** An event that nobody here acts on. What follows from a change or an end is for the room `moderation`. */
export const roomJobs: readonly Job[] = [defineJob({ type: 'room.created', payload: roomPayload })];
