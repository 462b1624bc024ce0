import {
  AppError,
  type Clock,
  type Ids,
  type Log,
  requestErrors,
  serverErrors,
} from '../../kernel/core/index.ts';
import type { DueList, KeyValueStorage, Sql, SqlKeyValues } from '../../kernel/durable/index.ts';
import {
  type Audience,
  toHiddenText,
  hasModeratorRole,
  isChatEvent,
  type MessageSummary,
  canUseFeature,
  type RoomOutcome,
  type WrittenEvent,
} from '../room-state/index.ts';
import { type CaptionProgress } from './caption-progress.ts';
import { type RoomEventLog, type FrameSource, type StateStore } from '../room-store/index.ts';
import type {
  ChatEvent,
  ChatMessage,
  RoomCaller,
  RoomTicketClaims,
  RoomVerb,
  RoomServerFrame,
} from '../protocol/index.ts';
import { type RoomConnection, isPresent, type SocketHandle } from './room-connection.ts';
import type { RoomConnections } from './room-connections.ts';
import type { TokenBucket } from './rate.rules.ts';

export interface ChatHistoryQuery {
  threadId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** What a room asks of the rest of the product. */
export interface RoomServices {
  log: Log;
  /** @param sinceMs when the chain of tickets began */
  signTicket(claims: RoomTicketClaims, sinceMs: number): Promise<string>;
  /** Stores chat in its own table; the same events again change nothing. */
  persistChat(room: RoomKey, events: readonly ChatEvent[]): Promise<void>;
  readChat(
    room: RoomKey,
    query: ChatHistoryQuery,
  ): Promise<{ data: ChatMessage[]; nextCursor: string | null }>;
  /** Null when the room has no such message. */
  findMessage(room: RoomKey, messageId: string): Promise<MessageSummary | null>;
  callVerb(verb: RoomVerb, caller: RoomCaller, frame: { id: string }): Promise<unknown>;
}

export interface RoomKey {
  organizationId: string;
  roomId: string;
}

/** What the live object lends to the room in it. */
export interface RoomRuntime {
  sql: Sql;
  kv: KeyValueStorage;
  clock: Clock;
  ids: Ids;
  sockets(): readonly SocketHandle[];
  /** When a ping of this socket was last answered without waking the room, milliseconds; null for never. */
  lastPingMs(socket: SocketHandle): number | null;
  /** The one alarm, no later than this. */
  wakeAt(atMs: number): void;
  keepAlive(work: Promise<unknown>): void;
  /** Forgets what is in memory: after a defect only storage is to be believed. */
  discardMemory(): void;
  /** Asked for when it is needed: most frames need nothing of it. */
  services(): RoomServices;
}

/** A room while it is awake. */
export interface RoomSession {
  runtime: RoomRuntime;
  meta: SqlKeyValues;
  log: RoomEventLog;
  store: StateStore;
  due: DueList;
  connections: RoomConnections;
  captions: CaptionProgress;
  /** How often people have opened sockets while the room is awake. */
  openings: Map<string, TokenBucket>;
  /** What may still be passed on to everybody. */
  fanOut: TokenBucket;
}

export const PERSIST_CHAT_TASK = 'drain';
/** Chat waits as long before it is stored, so that a burst is one batch. */
const PERSIST_CHAT_AFTER_MS = 500;

const ROOM_KEY_FIELDS = ['organizationId', 'roomId'] as const;

/** Which room this is; known from the first ticket on. */
export function readRoomKey({ meta }: RoomSession): RoomKey {
  const [organizationId, roomId] = ROOM_KEY_FIELDS.map((name) => meta.get(name));
  if (organizationId === undefined || roomId === undefined)
    throw requestErrors.notFound({ detail: 'nobody has been in this room' });
  return { organizationId, roomId };
}

export function saveRoomKey({ meta }: RoomSession, roomKey: RoomKey): void {
  for (const name of ROOM_KEY_FIELDS) if (meta.get(name) !== roomKey[name]) meta.set(name, roomKey[name]);
}

export function reply({ connections }: RoomSession, conn: RoomConnection, frame: RoomServerFrame): void {
  connections.send(conn, JSON.stringify(frame));
}

export function refuse(
  session: RoomSession,
  conn: RoomConnection,
  id: string | null,
  { definition, details }: AppError,
): void {
  const { code, title } = definition;
  const retryAfterSeconds = details.retryAfterSeconds ?? definition.retryAfterSeconds;
  const detail =
    details.detail ?? details.errors?.map((each) => `${each.pointer} ${each.message}`).join('; ');
  reply(session, conn, {
    type: 'error',
    id,
    code,
    title,
    ...(detail ? { detail } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Tells a socket why its frame came to nothing; what is a defect is logged and told as one. */
export function reportFailure(
  session: RoomSession,
  conn: RoomConnection,
  id: string | null,
  error: unknown,
): void {
  if (error instanceof AppError) return refuse(session, conn, id, error);
  session.runtime.services().log.error('live_room.frame_failed', { error });
  refuse(session, conn, id, serverErrors.internal());
}

function audienceFilter({ store }: RoomSession, to: Audience): (conn: RoomConnection) => boolean {
  switch (to.kind) {
    case 'all':
      return isPresent;
    case 'moderators':
      return (conn) => isPresent(conn) && hasModeratorRole(store.state.people.get(conn.identity));
    case 'identities': {
      const identities = new Set(to.identities);
      return (conn) => conn.lobbyEntryId === null && identities.has(conn.identity);
    }
    case 'waiting':
      return (conn) => conn.lobbyEntryId === to.lobbyEntryId;
    case 'sockets':
      return (conn) => conn.identity === to.identity;
    case 'everyone':
      return () => true;
  }
}

function sendTransient(session: RoomSession, to: Audience, text: string): void {
  const { connections } = session;
  if (to.kind === 'all') return connections.broadcast(text);
  const isInAudience = audienceFilter(session, to);
  for (const conn of connections.all()) if (conn.hello && isInAudience(conn)) connections.send(conn, text);
}

/** Whether somebody is told what is said in the chat. */
export function hasChatAccess({ store: { state } }: RoomSession, identity: string): boolean {
  const person = state.people.get(identity);
  return person !== undefined && canUseFeature(person, state.facts, 'chat');
}

/** Tells everybody an event; who has no chat sees of its events only that there was one. */
function broadcastEvent(session: RoomSession, event: WrittenEvent): void {
  const { connections } = session;
  if (!isChatEvent(event)) return connections.broadcast(event.text);
  connections.broadcast(event.text, {
    appliesTo: ({ identity }) => !hasChatAccess(session, identity),
    text: toHiddenText(event),
  });
}

/**
 * Does what follows: stores it, gives events their places, tells everybody. An event is made into text once. Nothing
 * leaves before it is stored: the runtime holds back what is sent until then.
 * @param source whose frame the first event comes from
 * @returns the place of the last event; null when there was none
 */
export function commitOutcome(
  session: RoomSession,
  result: RoomOutcome,
  source?: FrameSource,
): number | null {
  const { runtime, store, log, connections, due } = session;
  const nowMs = runtime.clock.now();
  for (const change of result.changes) store.applyChange(change);
  const written = result.events.map((event, i) => log.append(event, nowMs, i === 0 ? source : undefined));
  for (const event of written) broadcastEvent(session, event);
  for (const { to, frame } of result.transient) sendTransient(session, to, JSON.stringify(frame));
  for (const { to, closeName } of result.closes)
    for (const conn of [...connections.all()].filter(audienceFilter(session, to)))
      connections.close(conn, closeName);
  if (result.events.some(({ type }) => type.startsWith('chat.')))
    due.addEarliest(nowMs + PERSIST_CHAT_AFTER_MS, PERSIST_CHAT_TASK);
  return written.at(-1)?.seq ?? null;
}
