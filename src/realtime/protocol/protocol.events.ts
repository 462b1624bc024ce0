import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { type LiveCommand, liveCommandSchema } from './live-commands.schemas.ts';
import { roomIdSchema } from './protocol.schemas.ts';

const payload: z.ZodType<{ roomId: string; commands: readonly LiveCommand[] }> = z.object({
  roomId: roomIdSchema.describe('Id of the room.'),
  commands: z.array(liveCommandSchema),
});

const defineCommandsEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload,
    example: { roomId: exampleId('room'), commands: [] },
    key: ({ roomId }) => roomId,
    internal: true,
  });

/** Committed with the decision: the live room gets its commands again, which does no harm. */
export const liveCommandsIssued = defineCommandsEvent(
  'live_room.commands_issued',
  'Commands for a live room were decided.',
);

/** The former name: no longer written, but an outbox may still hold events of it. */
export const formerLiveCommandsIssued = defineCommandsEvent(
  'live_room.told',
  'Former name of `live_room.commands_issued`.',
);

export const protocolEvents = [liveCommandsIssued, formerLiveCommandsIssued];
