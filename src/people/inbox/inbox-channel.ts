import { PING_SECONDS, type SocketChannel } from '../../realtime/protocol/index.ts';
import { MAX_CONNECTIONS } from './connection.rules.ts';
import { MAX_EVENTS } from './inbox-event-log.ts';
import {
  INBOX_CLOSE_CODES,
  MAX_INBOX_FRAME_BYTES,
  INBOX_SUBPROTOCOL,
  inboxClientFrames,
  inboxServerFrames,
} from './inbox.protocol.ts';
import { INBOX_SOCKET_PATH } from './open-inbox-socket.ts';

const DESCRIPTION = `What one person's devices are told, across rooms: rings, notifications, the presence of others. The
subprotocol is \`${INBOX_SUBPROTOCOL}\`; frames are JSON text of at most ${MAX_INBOX_FRAME_BYTES} bytes. At most
${MAX_CONNECTIONS} sockets of a person are open at once; another one takes the place of the oldest.

Frames with a \`seq\` are events: they have one order, and each device is sent each of them exactly once and in that
order. All other frames pass by.

The first frame is \`hello\`, within ten seconds. Without a cursor it is answered by \`welcome\`; with the cursor of the
last event seen (epoch and seq) by \`resumed\` and every event since. Where some are not kept any longer (${MAX_EVENTS}
events, or 24 hours) a \`gap\` comes first, and then all that is still kept. Rings that have not ended stand in both.

A frame with an \`id\` is answered by an \`ack\` or an \`error\` with that id.

A client sends \`{"type":"ping"}\`, exactly so, every ${PING_SECONDS} seconds (\`limits.pingSeconds\`); it is answered without
waking the inbox. A socket of which nothing is heard for four times as long is closed (4408), and its device is not there
any more: no ring sounds on it, and by it nobody is online.`;

/** The inbox's socket, for the AsyncAPI document. */
export const inboxChannel: SocketChannel = {
  name: 'inbox',
  title: "The socket of a person's inbox",
  description: DESCRIPTION,
  address: INBOX_SOCKET_PATH,
  parameters: {},
  query: { ticket: 'The inbox ticket, for clients that cannot offer it as the subprotocol ticket.<ticket>' },
  clientFrames: inboxClientFrames.map((schema) => ({ schema })),
  serverFrames: inboxServerFrames.map((schema) => ({ schema })),
  closeCodes: Object.values(INBOX_CLOSE_CODES),
};
