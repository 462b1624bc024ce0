import {
  AppError,
  type Clock,
  type Ids,
  type Log,
  requestErrors,
  serverErrors,
} from '../../kernel/core/index.ts';
import type { DueList, KeyValueStorage, Sql, SqlKeyValues } from '../../kernel/durable/index.ts';
import type {
  ChatEvent,
  ChatMessage,
  MessageFile,
  RoomCaller,
  RoomServerFrame,
  RoomTicketClaims,
  RoomVerb,
  TicketHolder,
} from '../protocol/index.ts';
import type { MessageSummary } from '../room-state/index.ts';
import type { CaptionProgress, RoomEventLog, StateStore } from '../room-store/index.ts';
import { type SocketHandle, toErrorFrame, type TokenBucket } from '../sockets/index.ts';
import type { HeldMessage, KnownRules, RulesReading } from '../text-rules/index.ts';
import type { RoomConnection, RoomConnections } from '../room-connections/index.ts';

export interface RoomKey {
  organizationId: string;
  roomId: string;
}

export interface ChatHistoryQuery {
  threadId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** What a live room needs from the rest of the product. */
export interface RoomServices {
  log: Log;
  /** Proves what a ticket rests on, as it is now. @throws AppError `auth.invalid_token` or `auth.outdated_token` */
  proveCredential(holder: TicketHolder): Promise<void>;
  /** @param sinceMs when the chain of tickets began */
  signTicket(claims: RoomTicketClaims, sinceMs: number): Promise<string>;
  /** Stores chat in its own table; storing the same events again changes nothing. */
  persistChat(room: RoomKey, events: readonly ChatEvent[]): Promise<void>;
  readChat(
    room: RoomKey,
    query: ChatHistoryQuery,
  ): Promise<{ data: ChatMessage[]; nextCursor: string | null }>;
  /** Null when the room has no such message. */
  findMessage(room: RoomKey, messageId: string): Promise<MessageSummary | null>;
  /** Those of the files that this person may show in the room's chat, in the order of the ids. */
  findFiles(room: RoomKey, identity: string, fileIds: readonly string[]): Promise<MessageFile[]>;
  /** The rules of the room's chat, at once where they are known; null if they have the known version. */
  readRules(room: RoomKey, known: string | null): RulesReading | null | Promise<RulesReading | null>;
  /** Keeps a message for a review. @returns its id, that of the first time when its frame was sent before */
  holdMessage(room: RoomKey, message: HeldMessage): Promise<string>;
  /** Its author deletes a held message. @returns false when no such message waits */
  takeBackHeld(room: RoomKey, message: { identity: string; messageId: string }): Promise<boolean>;
  /** @returns the result for the frame's ack; undefined for none */
  callVerb(verb: RoomVerb, caller: RoomCaller, frame: { id: string }): Promise<unknown>;
}

/** What the Durable Object lends to the room in it. */
export interface RoomRuntime {
  sql: Sql;
  kv: KeyValueStorage;
  clock: Clock;
  ids: Ids;
  sockets(): readonly SocketHandle[];
  /** When the runtime last answered a ping of this socket, milliseconds; null for never. */
  lastPingMs(socket: SocketHandle): number | null;
  /** Sets the alarm no later than this. */
  wakeAt(atMs: number): void;
  keepAlive(work: Promise<unknown>): void;
  /** Drops what is in memory: after a defect only the storage can be trusted. */
  discardMemory(): void;
  /** Called only when needed: most frames need none of them. */
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
  rules: KnownRules;
  /** How often each person has opened sockets while the room is awake. */
  openings: Map<string, TokenBucket>;
  /** The rate of transient frames, for all people together. */
  fanOut: TokenBucket;
}

const ROOM_KEY_FIELDS = ['organizationId', 'roomId'] as const;

/** Which room this is; known from the first ticket on. @throws AppError `request.not_found` */
export function readRoomKey({ meta }: RoomSession): RoomKey {
  const [organizationId, roomId] = ROOM_KEY_FIELDS.map((name) => meta.get(name));
  if (organizationId === undefined || roomId === undefined)
    throw requestErrors.notFound({ detail: 'no socket of this room was ever opened' });
  return { organizationId, roomId };
}

export function saveRoomKey({ meta }: RoomSession, roomKey: RoomKey): void {
  for (const name of ROOM_KEY_FIELDS) if (meta.get(name) !== roomKey[name]) meta.set(name, roomKey[name]);
}

export function reply({ connections }: RoomSession, conn: RoomConnection, frame: RoomServerFrame): void {
  connections.send(conn, JSON.stringify(frame));
}

export function refuse(session: RoomSession, conn: RoomConnection, id: string | null, error: AppError): void {
  reply(session, conn, toErrorFrame(id, error));
}

/** Reports why a frame failed. A defect is logged, and the socket sees an internal error. */
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
