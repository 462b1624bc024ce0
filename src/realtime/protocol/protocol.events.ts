import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { type LiveCommand, liveCommandSchema } from './live-commands.schemas.ts';
import { roomIdSchema } from './protocol.schemas.ts';

const payload: z.ZodType<{ roomId: string; commands: readonly LiveCommand[] }> = z.strictObject({
  roomId: roomIdSchema,
  commands: z.array(liveCommandSchema),
});

/** Committed with what was decided: the live room gets its commands again, which does no harm. */
export const liveCommandsIssued = defineEvent({
  type: 'live_room.told',
  description: 'Commands for a live room were decided.',
  payload,
  example: { roomId: exampleId('room'), commands: [] },
  key: ({ roomId }) => roomId,
  internal: true,
});

export const protocolEvents = [liveCommandsIssued];
