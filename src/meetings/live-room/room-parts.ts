import {
  AppError,
  type Clock,
  type Ids,
  type Log,
  requestErrors,
  serverErrors,
} from '../../platform/core/index.ts';
import {
  type Audience,
  type Captions,
  type DueList,
  type EventLog,
  hiddenText,
  isModerator,
  isOfChat,
  type KnownMessage,
  mayUse,
  type Meta,
  type Outcome,
  type Source,
  type Sql,
  type StateStore,
  type Written,
} from '../live-state/index.ts';
import type {
  ChatEvent,
  ChatMessage,
  RoomCaller,
  RoomTicketClaims,
  RoomVerb,
  ServerFrame,
} from '../realtime/index.ts';
import { type Conn, isPresent, type Line } from './conn.ts';
import type { Connections } from './connections.ts';
import type { Bucket } from './rate.rules.ts';

export interface HistoryQuery {
  threadId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** What a room asks of the rest of the product. */
export interface Outside {
  log: Log;
  /** @param sinceMs when the chain of tickets began */
  signTicket(claims: RoomTicketClaims, sinceMs: number): Promise<string>;
  /** Stores chat in its own table; the same events again change nothing. */
  keepChat(room: RoomPlace, events: readonly ChatEvent[]): Promise<void>;
  readChat(room: RoomPlace, query: HistoryQuery): Promise<{ data: ChatMessage[]; nextCursor: string | null }>;
  /** Null when the room has no such message. */
  findMessage(room: RoomPlace, messageId: string): Promise<KnownMessage | null>;
  callVerb(verb: RoomVerb, caller: RoomCaller, frame: { id: string }): Promise<unknown>;
}

export interface RoomPlace {
  organizationId: string;
  roomId: string;
}

/** What the live object lends to the room in it. */
export interface RoomWorld {
  sql: Sql;
  clock: Clock;
  ids: Ids;
  lines(): readonly Line[];
  /** When a ping of this socket was last answered without waking the room, milliseconds; null for never. */
  lastPingMs(line: Line): number | null;
  /** The one alarm, no later than this. */
  wakeAt(atMs: number): void;
  keepAlive(work: Promise<unknown>): void;
  /** Forgets what is in memory: after a defect only storage is to be believed. */
  startOver(): void;
  /** Asked for when it is needed: most frames need nothing of it. */
  outside(): Outside;
}

/** A room while it is awake. */
export interface Parts {
  world: RoomWorld;
  meta: Meta;
  log: EventLog;
  store: StateStore;
  due: DueList;
  connections: Connections;
  captions: Captions;
  /** How often people have opened sockets while the room is awake. */
  openings: Map<string, Bucket>;
  /** What may still be passed on to everybody. */
  fanOut: Bucket;
}

export const DRAIN = 'drain';
/** Chat waits as long before it is stored, so that a burst is one batch. */
const DRAIN_AFTER_MS = 500;

const place = ['organizationId', 'roomId'] as const;

/** Which room this is; known from the first ticket on. */
export function placeOf({ meta }: Parts): RoomPlace {
  const [organizationId, roomId] = place.map((name) => meta.get(name));
  if (organizationId === undefined || roomId === undefined)
    throw requestErrors.notFound({ detail: 'nobody has been in this room' });
  return { organizationId, roomId };
}

export function setPlace({ meta }: Parts, to: RoomPlace): void {
  for (const name of place) if (meta.get(name) !== to[name]) meta.set(name, to[name]);
}

export function reply({ connections }: Parts, conn: Conn, frame: ServerFrame): void {
  connections.send(conn, JSON.stringify(frame));
}

export function refuse(parts: Parts, conn: Conn, id: string | null, { definition, details }: AppError): void {
  const { code, title } = definition;
  const retryAfterSeconds = details.retryAfterSeconds ?? definition.retryAfterSeconds;
  const detail =
    details.detail ?? details.errors?.map((each) => `${each.pointer} ${each.message}`).join('; ');
  reply(parts, conn, {
    type: 'error',
    id,
    code,
    title,
    ...(detail ? { detail } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Tells a socket why its frame came to nothing; what is a defect is logged and told as one. */
export function fail(parts: Parts, conn: Conn, id: string | null, error: unknown): void {
  if (error instanceof AppError) return refuse(parts, conn, id, error);
  parts.world.outside().log.error('live_room.frame_failed', { error });
  refuse(parts, conn, id, serverErrors.internal());
}

function isMeant({ store }: Parts, to: Audience): (conn: Conn) => boolean {
  switch (to.kind) {
    case 'all':
      return isPresent;
    case 'moderators':
      return (conn) => isPresent(conn) && isModerator(store.state.people.get(conn.identity));
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

function pass(parts: Parts, to: Audience, text: string): void {
  const { connections } = parts;
  if (to.kind === 'all') return connections.broadcast(text);
  const meant = isMeant(parts, to);
  for (const conn of connections.all()) if (conn.hello && meant(conn)) connections.send(conn, text);
}

/** Whether somebody is told what is said in the chat. */
export function seesChat({ store: { state } }: Parts, identity: string): boolean {
  const person = state.people.get(identity);
  return person !== undefined && mayUse(person, state.facts, 'chat');
}

/** Tells everybody an event; who has no chat sees of its events only that there was one. */
function tellAll(parts: Parts, event: Written): void {
  const { connections } = parts;
  if (!isOfChat(event)) return connections.broadcast(event.text);
  connections.broadcast(event.text, {
    has: ({ identity }) => !seesChat(parts, identity),
    text: hiddenText(event),
  });
}

/**
 * Does what follows: stores it, gives events their places, tells everybody. An event is made into text once. Nothing
 * leaves before it is stored: the runtime holds back what is sent until then.
 * @param source whose frame the first event comes from
 * @returns the place of the last event; null when there was none
 */
export function perform(parts: Parts, result: Outcome, source?: Source): number | null {
  const { world, store, log, connections, due } = parts;
  const nowMs = world.clock.now();
  for (const change of result.changes) store.change(change);
  const written = result.events.map((event, i) => log.append(event, nowMs, i === 0 ? source : undefined));
  for (const event of written) tellAll(parts, event);
  for (const { to, frame } of result.passing) pass(parts, to, JSON.stringify(frame));
  for (const { to, why } of result.closing)
    for (const conn of [...connections.all()].filter(isMeant(parts, to))) connections.close(conn, why);
  if (result.events.some(({ type }) => type.startsWith('chat.'))) due.add(DRAIN, nowMs + DRAIN_AFTER_MS);
  return written.at(-1)?.seq ?? null;
}
