import type { SocketChannel } from './asyncapi-document.ts';
import { roomBaseFrames, ROOM_SUBPROTOCOL } from './client-frames.schemas.ts';
import type { RoomVerb } from './define-room-verb.ts';
import { ROOM_CLOSE_CODES, roomServerFrames } from './server-frames.schemas.ts';

const DESCRIPTION = `One room's live state. The subprotocol is \`${ROOM_SUBPROTOCOL}\`; frames are JSON text of at most 64 KiB.

Frames with a \`seq\` are events: they have one order in the room, and each socket is sent each of them exactly once and in
that order. All other frames pass by: they are answers, meant for one person, or not worth keeping (typing, reactions,
partial captions, hints, read marks), and are never repeated.

The first frame is \`hello\`. With the cursor of the last event seen (epoch and seq), a socket gets \`resumed\` and then
every event it missed; where they are not kept any longer (1,000 events, 1 MiB or 24 hours, whichever comes first), one
\`gap\` names those that are lost, \`welcome\` says how things are, and what is still kept follows. Events say how things
are, so that one that is seen after a \`welcome\` which knew of it already changes nothing.

Who has no chat is sent \`hidden\` in the place of each of its events. What was edited or deleted is not replayed: the
message then has the text that counts, or none, and an edit that a later one has overtaken has none.

A frame with an \`id\` is answered by an \`ack\` or an \`error\` with that id. One that was sent again after a break is
acknowledged and not done twice, so an id must be random. \`{"type":"ping"}\`, exactly so, every 30 seconds keeps the
socket; \`ticket\` frames bring what opens the next one, and \`ticket.refresh\` asks for one.`;

/** The room's socket, for the AsyncAPI document. */
export const roomChannel = (verbs: readonly RoomVerb[]): SocketChannel => ({
  name: 'room',
  title: 'The socket of a room',
  description: DESCRIPTION,
  address: '/api/v1/rooms/{roomId}/socket',
  parameters: { roomId: 'The room that the ticket is for' },
  query: { ticket: 'The room ticket, for clients that cannot offer it as the subprotocol ticket.<ticket>' },
  clientFrames: [
    ...roomBaseFrames.map((schema) => ({ schema })),
    ...verbs.map(({ frame, summary }) => ({ schema: frame, summary })),
  ],
  serverFrames: roomServerFrames.map((schema) => ({ schema })),
  closeCodes: Object.values(ROOM_CLOSE_CODES),
});
