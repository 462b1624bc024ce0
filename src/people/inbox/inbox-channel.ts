import { PING_SECONDS, type SocketChannel } from '../../realtime/sockets/index.ts';
import {
  INBOX_CLOSE_CODES,
  INBOX_SUBPROTOCOL,
  inboxClientFrames,
  inboxServerFrames,
  MAX_INBOX_FRAME_BYTES,
} from './inbox-frames.schemas.ts';
import { MAX_CONNECTIONS, MAX_EVENTS } from './inbox.limits.ts';
import { INBOX_SOCKET_PATH } from './open-inbox-socket.ts';

const DESCRIPTION = `What a person's devices receive, across all rooms of an organization: rings, notifications, the
presence of others. The subprotocol is \`${INBOX_SUBPROTOCOL}\`; frames are JSON text of at most ${MAX_INBOX_FRAME_BYTES}
bytes. A person may have ${MAX_CONNECTIONS} sockets; another one replaces the oldest.

**Events** are the frames with a \`seq\`. They have one order, and each device receives each of them exactly once and in
that order. All other frames are transient.

**Hello.** The first frame is \`hello\`, within ten seconds. Without a cursor it is answered by \`welcome\`; with the
cursor of the last event received (epoch and seq) by \`resumed\` and every event since. Events are stored up to
${MAX_EVENTS} events or 24 hours. If some are gone, a \`gap\` comes first, and all events that are still stored follow.
Both answers list the rings that are ringing now.

**Answers.** A frame with an \`id\` is answered by an \`ack\` or an \`error\` with that id.

**Staying connected.** Send exactly \`{"type":"ping"}\` every ${PING_SECONDS} seconds; it is answered without waking the
inbox. After two minutes without a frame or a ping the socket is closed (4408): no ring sounds on that device, and it no
longer makes the person online.`;

/** The inbox's socket, for the AsyncAPI document. */
export const inboxChannel: SocketChannel = {
  name: 'inbox',
  title: "A person's inbox socket",
  description: DESCRIPTION,
  address: INBOX_SOCKET_PATH,
  parameters: {},
  query: {
    ticket: 'The inbox ticket, for clients that cannot offer it as the subprotocol `ticket.<ticket>`.',
  },
  clientFrames: inboxClientFrames.map((schema) => ({ schema })),
  serverFrames: inboxServerFrames.map((schema) => ({ schema })),
  closeCodes: Object.values(INBOX_CLOSE_CODES),
};
