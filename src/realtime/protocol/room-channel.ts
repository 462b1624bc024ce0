import type { SocketChannel } from '../sockets/index.ts';
import { roomBaseFrames, ROOM_SUBPROTOCOL } from './client-frames.schemas.ts';
import type { RoomVerb } from './define-room-verb.ts';
import { ROOM_CLOSE_CODES } from './protocol.errors.ts';
import { roomServerFrames } from './server-frames.schemas.ts';

const DESCRIPTION = `The live state of one room. The subprotocol is \`${ROOM_SUBPROTOCOL}\`; frames are JSON text of at
most 64 KiB.

**Events** are the frames with a \`seq\`. They have one order in the room, and each socket receives each of them exactly
once and in that order. An event carries the new state, so receiving one whose change you already know is harmless. All
other frames are transient: answers, frames for one person, or not worth storing (typing, reactions, partial captions,
hints, read marks). They are never replayed.

**Hello.** The first frame is \`hello\`. With the cursor of the last event received (epoch and seq), the socket gets
\`resumed\` and then every event it missed. Events are stored up to 1,000 events, 1 MiB or 24 hours, whichever comes
first. If some are gone, one \`gap\` names them, \`welcome\` shows the present state, and the events that are still stored
follow.

**Chat.** A person without chat receives \`hidden\` in place of each chat event. Edited and deleted text is not replayed:
the message then has its last text, or none, and an edit that was replaced by a later one has none.

**Answers.** A frame with an \`id\` is answered by an \`ack\` or an \`error\` with that id. A frame that is sent again with
its id is acknowledged and not executed twice, so ids must be random.

**Signals.** Typing, speaking and an unfinished caption last until they are taken back. If their sender breaks off, the server
takes them back: at once when the socket ends, and when they were not repeated for 10, 60 and 30 seconds. So a client
repeats them while they last. A person who left (\`presence.left\`) gives none, and a welcome shows none. A raised hand is part of
the person and stays until it is lowered or they have left, which is ten seconds after their last socket broke.

**Staying connected.** Send exactly \`{"type":"ping"}\` every 30 seconds; after two minutes without a frame or a ping the
socket is closed. \`ticket\` frames bring the ticket that opens the next socket; \`ticket.refresh\` asks for one.`;

/** The room's socket, for the AsyncAPI document. */
export const roomChannel = (verbs: readonly RoomVerb[]): SocketChannel => ({
  name: 'room',
  title: "A room's socket",
  description: DESCRIPTION,
  address: '/api/v1/rooms/{roomId}/socket',
  parameters: { roomId: 'The room that the ticket is for.' },
  query: {
    ticket: 'The room ticket, for clients that cannot offer it as the subprotocol `ticket.<ticket>`.',
  },
  clientFrames: [
    ...roomBaseFrames.map((schema) => ({ schema })),
    ...verbs.map(({ frame, summary }) => ({ schema: frame, summary })),
  ],
  serverFrames: roomServerFrames.map((schema) => ({ schema })),
  closeCodes: Object.values(ROOM_CLOSE_CODES),
});
