import { z } from '@hono/zod-openapi';
import { AppError } from '../../kernel/core/index.ts';
import {
  MAX_ROOM_FRAME_BYTES,
  realtimeErrors,
  type RoomBaseFrame,
  roomBaseFrames,
  type RoomVerb,
} from '../protocol/index.ts';
import type { LocalFrame } from '../room-state/index.ts';
import { isFrameTooLarge, readFrame, socketErrors, takeTokens } from '../sockets/index.ts';
import { answerHello } from './accept-connection.ts';
import { answerAsyncFrame, type RoomClientFrame } from './answer-async-frame.ts';
import { resolveAndApply } from './apply-frame.ts';
import { EXTRA_COST, frameRateOf, MAX_BAD_FRAMES, MAX_RATE_REFUSALS, sizeCostOf } from './rate.rules.ts';
import { renewTicketIfDue } from './renew-ticket.ts';
import type { RoomConnection } from '../room-connections/index.ts';
import { refuse, reply, reportFailure, type RoomSession } from './room-session.ts';

/** The frames that clients may send, and the verbs that handle some of them. */
export interface FrameCatalog {
  schema: z.ZodType<RoomClientFrame>;
  types: ReadonlySet<string>;
  verbs: ReadonlyMap<string, RoomVerb>;
}

/** Creates the catalog of the base frames and those of the verbs. Expensive: create it once. */
export function createFrameCatalog(verbs: readonly RoomVerb[]): FrameCatalog {
  const schema = z.discriminatedUnion('type', [
    ...roomBaseFrames,
    ...verbs.map(({ frame }) => frame),
  ] as never) as FrameCatalog['schema'];
  const types = new Set<string>([
    ...roomBaseFrames.map((frame) => frame.shape.type.value),
    ...verbs.map(({ type }) => type),
  ]);
  return { schema, types, verbs: new Map(verbs.map((verb) => [verb.type, verb])) };
}

/** Refuses a frame that is not valid, and closes the socket after a few of them. */
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
  refuse(session, conn, id, socketErrors.tooFast());
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
  if (!conn.hello) throw socketErrors.helloFirst();
  if (conn.lobbyEntryId !== null) throw realtimeErrors.notAllowed();
  if (!answerAsyncFrame(session, conn, frame, catalog.verbs.get(frame.type)))
    resolveAndApply(session, conn, frame as LocalFrame);
}

/** Handles what a socket sends. Whatever it is, it does no harm to another socket. */
export function receiveFrame(
  session: RoomSession,
  conn: RoomConnection,
  message: string | ArrayBuffer,
  catalog: FrameCatalog,
): void {
  if (conn.closed) return;
  session.connections.noteReceived(conn, session.runtime.clock.now());
  if (typeof message !== 'string')
    return refuseBadFrame(session, conn, null, socketErrors.malformedFrame({ detail: 'must be text' }));
  if (isFrameTooLarge(message, MAX_ROOM_FRAME_BYTES)) {
    const detail = `at most ${MAX_ROOM_FRAME_BYTES} bytes`;
    refuse(session, conn, null, socketErrors.frameTooLarge({ detail }));
    return session.connections.close(conn, 'tooLarge');
  }
  if (!isWithinRate(session, conn, null, sizeCostOf(message.length))) return;
  const reading = readFrame(message, catalog.schema, catalog.types);
  if (reading.frame === null) return refuseBadFrame(session, conn, reading.id, reading.error);
  const { frame } = reading;
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
