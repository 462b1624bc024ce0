import { z } from '@hono/zod-openapi';
import { roomIdSchema } from './rooms.schemas.ts';

/** The payload of every effect about a room as such. */
export const roomEventSchema = z.strictObject({ roomId: roomIdSchema });
