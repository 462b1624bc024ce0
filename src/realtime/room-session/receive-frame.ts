import { z } from '@hono/zod-openapi';
import { AppError, utf8 } from '../../kernel/core/index.ts';
import {
  isInRoom,
  type MessageSummary,
  type LocalFrame,
  type RoomOutcome,
  decideFrame,
} from '../room-state/index.ts';
import {
  type RoomBaseFrame,
  roomBaseFrames,
  MAX_ROOM_FRAME_BYTES,
  realtimeErrors,
  type RoomVerb,
} from '../protocol/index.ts';
import { answerAsyncFrame, type RoomClientFrame, runAsync } from './answer-async-frame.ts';
import type { RoomConnection } from './room-connection.ts';
import { answerHello } from './accept-connection.ts';
import {
  EXTRA_COST,
  sizeCostOf,
  FAN_OUT_RATE,
  frameRateOf,
  MAX_RATE_REFUSALS,
  MAX_BAD_FRAMES,
  takeTokens,
} from './rate.rules.ts';
import { reportFailure, type RoomSession, commitOutcome, refuse, reply } from './room-session.ts';
import { renewTicketIfDue } from './renew-ticket.ts';

/** What a client may send, with the verbs that answer some of it. */
export interface FrameCatalog {
  schema: z.ZodType<RoomClientFrame>;
  verbs: ReadonlyMap<string, RoomVerb>;
}

/** Made once: the frames of every room, and those that verbs answer. */
export function createFrameCatalog(verbs: readonly RoomVerb[]): FrameCatalog {
  const schema = z.discriminatedUnion('type', [
    ...roomBaseFrames,
    ...verbs.map(({ frame }) => frame),
  ] as never) as FrameCatalog['schema'];
  return { schema, verbs: new Map(verbs.map((verb) => [verb.type, verb])) };
}

/** A UTF-16 unit takes at most three bytes of UTF-8. */
const isTooLarge = (text: string): boolean =>
  text.length > MAX_ROOM_FRAME_BYTES ||
  (text.length * 3 > MAX_ROOM_FRAME_BYTES && utf8(text).length > MAX_ROOM_FRAME_BYTES);

const frameIdIn = (value: unknown): string | null => {
  const { id } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown };
  return typeof id === 'string' && id.length <= 64 ? id : null;
};

/** The frame in the text; null when it is none, which the socket is told. */
function parseFrame(
  session: RoomSession,
  conn: RoomConnection,
  text: string,
  { schema }: FrameCatalog,
): RoomClientFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuseBadFrame(session, conn, null, realtimeErrors.malformedFrame());
    return null;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknownType = issue?.code === 'invalid_union' || issue?.path.length === 0;
  const detail = `${(issue?.path ?? []).join('.')} ${issue?.message ?? ''}`.trim().slice(0, 200);
  const error =
    unknownType && issue?.code !== 'unrecognized_keys'
      ? realtimeErrors.malformedFrame
      : realtimeErrors.invalidFrame;
  refuseBadFrame(session, conn, frameIdIn(value), error({ detail }));
  return null;
}

/** What is no frame is refused a few times; then the socket goes, and nobody else is the worse for it. */
function refuseBadFrame(
  session: RoomSession,
  conn: RoomConnection,
  id: string | null,
  error: AppError,
): void {
  refuse(session, conn, id, error);
  if (++conn.badFrames >= MAX_BAD_FRAMES) session.connections.close(conn, 'badFrames');
}

/** @returns whether the socket may send this much now */
function isWithinRate(session: RoomSession, conn: RoomConnection, id: string | null, cost: number): boolean {
  const role = session.store.state.people.get(conn.identity)?.role;
  if (takeTokens(conn, cost, frameRateOf(role), session.runtime.clock.now())) return true;
  refuse(session, conn, id, realtimeErrors.tooFast());
  if (++conn.rateRefusals >= MAX_RATE_REFUSALS) session.connections.close(conn, 'flooding');
  return false;
}

const isAsyncFrame = ({ type }: RoomClientFrame, { verbs }: FrameCatalog): boolean =>
  type === 'ticket.refresh' || type === 'chat.history' || verbs.has(type);

const UNSTORED_TYPES = ['ping', 'hello', 'typing', 'reaction', 'media.hint', 'chat.read', 'caption'];

function extraCostOf(frame: RoomClientFrame, catalog: FrameCatalog): number {
  if (isAsyncFrame(frame, catalog)) return EXTRA_COST.asyncWork;
  return UNSTORED_TYPES.includes(frame.type) ? EXTRA_COST.transient : EXTRA_COST.event;
}

/** The message that a frame is about; undefined for a frame about none. */
function referencedMessageId(frame: LocalFrame): string | undefined {
  if (frame.type === 'chat.send') return frame.replyTo ?? undefined;
  return 'messageId' in frame ? frame.messageId : undefined;
}

const FAN_OUT_TYPES = ['typing', 'reaction', 'media.hint', 'chat.read'];

/**
 * Bounds what everybody's shouts together cost the room. What somebody has read is noted all the same: the next mark
 * tells the others.
 * @throws AppError `realtime.too_fast`
 */
function limitFanOut(
  { connections, fanOut, runtime }: RoomSession,
  { type }: LocalFrame,
  result: RoomOutcome,
): RoomOutcome {
  if (!FAN_OUT_TYPES.includes(type) || result.transient.length === 0) return result;
  const cost = connections.size - connections.lobbySize;
  if (takeTokens(fanOut, cost, FAN_OUT_RATE, runtime.clock.now())) return result;
  if (type === 'chat.read') return { ...result, transient: [] };
  throw realtimeErrors.tooFast({ detail: 'the room passes no more of it on just now' });
}

/** @param message what is known of the message that the frame is about */
function applyFrame(
  session: RoomSession,
  conn: RoomConnection,
  frame: LocalFrame,
  message: MessageSummary | null,
): void {
  const { store, log, runtime, captions } = session;
  const { identity } = conn;
  const { id } = frame;
  const source = id === undefined ? undefined : { identity, frameId: id };
  const earlier = source && log.lookup.findEventOfFrame(source);
  if (earlier) return sendAck(session, conn, id!, earlier.seq, earlier.ref);
  const person = store.state.people.get(identity);
  if (conn.closed || !isInRoom(person)) return;
  const caption =
    frame.type === 'caption' ? captions.progressOf(frame.segmentId) : { version: 0, final: false };
  const known = {
    message,
    captionVersion: caption.version,
    captionFinal: caption.final,
    newMessageId: frame.type === 'chat.send' ? runtime.ids.create('message') : '',
  };
  const room = { state: store.state, known, headSeq: log.headSeq, nowMs: log.nextAtMs(runtime.clock.now()) };
  const seq = commitOutcome(session, limitFanOut(session, frame, decideFrame(frame, person, room)), source);
  if (frame.type === 'caption') captions.record(frame.segmentId, frame);
  if (id !== undefined)
    sendAck(session, conn, id, seq, frame.type === 'chat.send' ? known.newMessageId : null);
}

function sendAck(
  session: RoomSession,
  conn: RoomConnection,
  id: string,
  seq: number | null,
  ref: string | null,
): void {
  const result = ref?.startsWith('msg_') ? { result: { messageId: ref } } : {};
  reply(session, conn, { type: 'ack', id, seq, ...result });
}

/** Decides a frame here and now, or as soon as it is known what an older message is. */
function resolveAndApply(session: RoomSession, conn: RoomConnection, frame: LocalFrame): void {
  const messageId = referencedMessageId(frame);
  const message = messageId === undefined ? null : session.log.lookup.findMessage(messageId);
  if (message !== undefined) return applyFrame(session, conn, frame, message);
  runAsync(session, conn, frame.id ?? null, async (services, roomKey) => {
    const found = await services.findMessage(roomKey, messageId!);
    // What has happened to it meanwhile is known here alone.
    applyFrame(session, conn, frame, session.log.lookup.findMessage(messageId!) ?? found);
  });
}

function dispatchFrame(
  session: RoomSession,
  conn: RoomConnection,
  frame: RoomClientFrame,
  catalog: FrameCatalog,
): void {
  if (frame.type === 'ping')
    return reply(session, conn, { type: 'pong', ...('id' in frame ? { id: frame.id } : {}) });
  if (frame.type === 'hello')
    return answerHello(session, conn, (frame as Extract<RoomBaseFrame, { type: 'hello' }>).cursor);
  if (!conn.hello) throw realtimeErrors.helloFirst();
  if (conn.lobbyEntryId !== null) throw realtimeErrors.notAllowed();
  if (!answerAsyncFrame(session, conn, frame, catalog.verbs.get(frame.type)))
    resolveAndApply(session, conn, frame as LocalFrame);
}

/** Takes what a socket sends. Whatever it is, it does no harm to any other socket. */
export function receiveFrame(
  session: RoomSession,
  conn: RoomConnection,
  message: string | ArrayBuffer,
  catalog: FrameCatalog,
): void {
  if (conn.closed) return;
  session.connections.noteReceived(conn, session.runtime.clock.now());
  if (typeof message !== 'string')
    return refuseBadFrame(session, conn, null, realtimeErrors.malformedFrame({ detail: 'frames are text' }));
  if (isTooLarge(message)) {
    refuse(
      session,
      conn,
      null,
      realtimeErrors.frameTooLarge({ detail: `at most ${MAX_ROOM_FRAME_BYTES} bytes` }),
    );
    return session.connections.close(conn, 'tooLarge');
  }
  if (!isWithinRate(session, conn, null, sizeCostOf(message.length))) return;
  const frame = parseFrame(session, conn, message, catalog);
  if (frame === null) return;
  const id = ('id' in frame ? frame.id : undefined) ?? null;
  if (!isWithinRate(session, conn, id, extraCostOf(frame, catalog))) return;
  try {
    dispatchFrame(session, conn, frame, catalog);
    renewTicketIfDue(session, conn);
  } catch (error) {
    reportFailure(session, conn, id, error);
    if (!(error instanceof AppError)) session.runtime.discardMemory();
  }
}
