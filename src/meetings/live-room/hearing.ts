import { z } from '@hono/zod-openapi';
import { AppError, utf8 } from '../../platform/core/index.ts';
import { isHere, type KnownMessage, type LocalFrame, type Outcome, step } from '../live-state/index.ts';
import {
  type BaseFrame,
  baseFrames,
  FRAME_LIMIT_BYTES,
  realtimeErrors,
  type RoomVerb,
} from '../realtime/index.ts';
import { answerByAsking, type AnyFrame, ask } from './asking.ts';
import type { Conn } from './conn.ts';
import { hello } from './entering.ts';
import { COST_OF, costOf, FAN_OUT, rateOf, REFUSALS_ALLOWED, STRIKES_ALLOWED, take } from './rate.rules.ts';
import { fail, type Parts, perform, refuse, reply } from './room-parts.ts';
import { renewTicket } from './tickets.ts';

/** What a client may send, with the verbs that answer some of it. */
export interface Vocabulary {
  schema: z.ZodType<AnyFrame>;
  verbs: ReadonlyMap<string, RoomVerb>;
}

/** Made once: the frames of every room, and those that verbs answer. */
export function vocabularyOf(verbs: readonly RoomVerb[]): Vocabulary {
  const schema = z.discriminatedUnion('type', [
    ...baseFrames,
    ...verbs.map(({ frame }) => frame),
  ] as never) as Vocabulary['schema'];
  return { schema, verbs: new Map(verbs.map((verb) => [verb.type, verb])) };
}

/** A UTF-16 unit takes at most three bytes of UTF-8. */
const isTooLarge = (text: string): boolean =>
  text.length > FRAME_LIMIT_BYTES ||
  (text.length * 3 > FRAME_LIMIT_BYTES && utf8(text).length > FRAME_LIMIT_BYTES);

const idIn = (value: unknown): string | null => {
  const { id } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown };
  return typeof id === 'string' && id.length <= 64 ? id : null;
};

/** The frame in the text; null when it is none, which the socket is told. */
function read(parts: Parts, conn: Conn, text: string, { schema }: Vocabulary): AnyFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    strike(parts, conn, null, realtimeErrors.malformedFrame());
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
  strike(parts, conn, idIn(value), error({ detail }));
  return null;
}

/** What is no frame is refused a few times; then the socket goes, and nobody else is the worse for it. */
function strike(parts: Parts, conn: Conn, id: string | null, error: AppError): void {
  refuse(parts, conn, id, error);
  if (++conn.strikes >= STRIKES_ALLOWED) parts.connections.close(conn, 'badFrames');
}

/** @returns whether the socket may send this much now */
function isPaced(parts: Parts, conn: Conn, id: string | null, cost: number): boolean {
  const role = parts.store.state.people.get(conn.identity)?.role;
  if (take(conn, cost, rateOf(role), parts.world.clock.now())) return true;
  refuse(parts, conn, id, realtimeErrors.tooFast());
  if (++conn.refusals >= REFUSALS_ALLOWED) parts.connections.close(conn, 'flooding');
  return false;
}

const asksOutside = ({ type }: AnyFrame, { verbs }: Vocabulary): boolean =>
  type === 'ticket.refresh' || type === 'chat.history' || verbs.has(type);

const PASSING = ['ping', 'hello', 'typing', 'reaction', 'media.hint', 'chat.read', 'caption'];

function extraCostOf(frame: AnyFrame, vocabulary: Vocabulary): number {
  if (asksOutside(frame, vocabulary)) return COST_OF.asking;
  return PASSING.includes(frame.type) ? COST_OF.passing : COST_OF.event;
}

/** The message that a frame is about; undefined for a frame about none. */
function messageOf(frame: LocalFrame): string | undefined {
  if (frame.type === 'chat.send') return frame.replyTo ?? undefined;
  return 'messageId' in frame ? frame.messageId : undefined;
}

const SHOUTS = ['typing', 'reaction', 'media.hint', 'chat.read'];

/**
 * Bounds what everybody's shouts together cost the room. What somebody has read is noted all the same: the next mark
 * tells the others.
 * @throws AppError `realtime.too_fast`
 */
function bounded({ connections, fanOut, world }: Parts, { type }: LocalFrame, result: Outcome): Outcome {
  if (!SHOUTS.includes(type) || result.passing.length === 0) return result;
  const cost = connections.size - connections.waiting;
  if (take(fanOut, cost, FAN_OUT, world.clock.now())) return result;
  if (type === 'chat.read') return { ...result, passing: [] };
  throw realtimeErrors.tooFast({ detail: 'the room passes no more of it on just now' });
}

/** @param message what is known of the message that the frame is about */
function settle(parts: Parts, conn: Conn, frame: LocalFrame, message: KnownMessage | null): void {
  const { store, log, world, captions } = parts;
  const { identity } = conn;
  const { id } = frame;
  const source = id === undefined ? undefined : { identity, frameId: id };
  const before = source && log.memory.madeBy(source);
  if (before) return ack(parts, conn, id!, before.seq, before.ref);
  const who = store.state.people.get(identity);
  if (conn.closed || !isHere(who)) return;
  const caption = frame.type === 'caption' ? captions.known(frame.segmentId) : { version: 0, final: false };
  const known = {
    message,
    captionVersion: caption.version,
    captionFinal: caption.final,
    newMessageId: frame.type === 'chat.send' ? world.ids.create('message') : '',
  };
  const room = { state: store.state, known, headSeq: log.headSeq, nowMs: log.nextAtMs(world.clock.now()) };
  const seq = perform(parts, bounded(parts, frame, step(frame, who, room)), source);
  if (frame.type === 'caption') captions.note(frame.segmentId, frame);
  if (id !== undefined) ack(parts, conn, id, seq, frame.type === 'chat.send' ? known.newMessageId : null);
}

function ack(parts: Parts, conn: Conn, id: string, seq: number | null, ref: string | null): void {
  const result = ref?.startsWith('msg_') ? { result: { messageId: ref } } : {};
  reply(parts, conn, { type: 'ack', id, seq, ...result });
}

/** Decides a frame here and now, or as soon as it is known what an older message is. */
function decide(parts: Parts, conn: Conn, frame: LocalFrame): void {
  const messageId = messageOf(frame);
  const message = messageId === undefined ? null : parts.log.memory.message(messageId);
  if (message !== undefined) return settle(parts, conn, frame, message);
  ask(parts, conn, frame.id ?? null, async (outside, place) => {
    const found = await outside.findMessage(place, messageId!);
    // What has happened to it meanwhile is known here alone.
    settle(parts, conn, frame, parts.log.memory.message(messageId!) ?? found);
  });
}

function answer(parts: Parts, conn: Conn, frame: AnyFrame, vocabulary: Vocabulary): void {
  if (frame.type === 'ping')
    return reply(parts, conn, { type: 'pong', ...('id' in frame ? { id: frame.id } : {}) });
  if (frame.type === 'hello')
    return hello(parts, conn, (frame as Extract<BaseFrame, { type: 'hello' }>).cursor);
  if (!conn.hello) throw realtimeErrors.helloFirst();
  if (conn.lobbyEntryId !== null) throw realtimeErrors.notAllowed();
  if (!answerByAsking(parts, conn, frame, vocabulary.verbs.get(frame.type)))
    decide(parts, conn, frame as LocalFrame);
}

/** Takes what a socket sends. Whatever it is, it does no harm to any other socket. */
export function hear(parts: Parts, conn: Conn, message: string | ArrayBuffer, vocabulary: Vocabulary): void {
  if (conn.closed) return;
  parts.connections.noteHeard(conn, parts.world.clock.now());
  if (typeof message !== 'string')
    return strike(parts, conn, null, realtimeErrors.malformedFrame({ detail: 'frames are text' }));
  if (isTooLarge(message)) {
    refuse(parts, conn, null, realtimeErrors.frameTooLarge({ detail: `at most ${FRAME_LIMIT_BYTES} bytes` }));
    return parts.connections.close(conn, 'tooLarge');
  }
  if (!isPaced(parts, conn, null, costOf(message.length))) return;
  const frame = read(parts, conn, message, vocabulary);
  if (frame === null) return;
  const id = ('id' in frame ? frame.id : undefined) ?? null;
  if (!isPaced(parts, conn, id, extraCostOf(frame, vocabulary))) return;
  try {
    answer(parts, conn, frame, vocabulary);
    renewTicket(parts, conn);
  } catch (error) {
    fail(parts, conn, id, error);
    if (!(error instanceof AppError)) parts.world.startOver();
  }
}
