import { z } from '@hono/zod-openapi';
import { timestampSchema } from './protocol.schemas.ts';

/**
 * An event has a number in the room's one order, is stored for a while, and is received by everybody in the room exactly
 * once. It carries the new state, never the difference.
 */
export const defineRoomEvent = <const T extends string, S extends z.ZodRawShape>(
  type: T,
  shape: S,
  description: string,
) =>
  z
    .object({
      type: z.literal(type),
      seq: z.number().int().min(1).describe("The event's number; the next one has the next number."),
      at: timestampSchema.describe('When it happened, ISO 8601 in UTC.'),
      ...shape,
    })
    .describe(description);
