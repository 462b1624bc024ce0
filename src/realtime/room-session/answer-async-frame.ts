import { type RoomBaseFrame, realtimeErrors, type RoomCaller, type RoomVerb } from '../protocol/index.ts';
import { applyTraces, type LivePerson } from '../room-state/index.ts';
import { hasChatAccess } from './commit-outcome.ts';
import { persistPendingChat } from './persist-chat.ts';
import { MAX_ASYNC_FRAMES } from './rate.rules.ts';
import { refreshTicket } from './renew-ticket.ts';
import type { RoomConnection } from '../room-connections/index.ts';
import {
  readRoomKey,
  reply,
  reportFailure,
  type RoomKey,
  type RoomServices,
  type RoomSession,
} from './room-session.ts';

/** A frame that a verb handles: its fields are the verb's business. */
export interface VerbFrame {
  type: string;
  id: string;
}

/** What a socket may send. */
export type RoomClientFrame = RoomBaseFrame | VerbFrame;
type FrameOf<T extends RoomBaseFrame['type']> = Extract<RoomBaseFrame, { type: T }>;

/**
 * Runs work that waits for another part of the product; the room handles other frames meanwhile. Failures are reported
 * to the socket.
 * @throws AppError `realtime.busy`
 */
export function runAsync(
  session: RoomSession,
  conn: RoomConnection,
  id: string | null,
  work: (services: RoomServices, roomKey: RoomKey) => Promise<void>,
): void {
  if (conn.asyncFrames >= MAX_ASYNC_FRAMES) throw realtimeErrors.busy();
  conn.asyncFrames++;
  const run = async () => {
    try {
      await work(session.runtime.services(), readRoomKey(session));
    } catch (error) {
      reportFailure(session, conn, id, error);
    } finally {
      conn.asyncFrames--;
    }
  };
  session.runtime.keepAlive(run());
}

/** The person behind a socket; they may have left while a frame waited. @throws AppError `realtime.not_allowed` */
function requirePresent({ store }: RoomSession, conn: RoomConnection): LivePerson {
  const person = store.state.people.get(conn.identity);
  if (!person || conn.closed) throw realtimeErrors.notAllowed();
  return person;
}

function callerOf(session: RoomSession, conn: RoomConnection, roomKey: RoomKey): RoomCaller {
  const person = requirePresent(session, conn);
  const { identity, participantId, name, role, kind, userId, linkId } = person;
  const callId = session.store.state.facts.call?.callId ?? person.callId;
  const { credential } = conn;
  return { ...roomKey, identity, participantId, callId, name, role, kind, userId, linkId, credential };
}

/** @throws AppError `realtime.not_allowed` */
function requireChatAccess(session: RoomSession, conn: RoomConnection): void {
  requirePresent(session, conn);
  if (!hasChatAccess(session, conn.identity)) throw realtimeErrors.notAllowed();
}

/**
 * Answers with a page of older messages. Pending chat is persisted first, so the newest page misses nothing that was sent
 * before the question. What happened to its messages while it was read is applied to it, so that a client which has seen
 * that already does not fall back.
 */
function answerHistory(
  session: RoomSession,
  conn: RoomConnection,
  { id, threadId, limit, cursor }: FrameOf<'chat.history'>,
): void {
  requireChatAccess(session, conn);
  runAsync(session, conn, id, async (services, roomKey) => {
    if (cursor === undefined) await persistPendingChat(session);
    const page = await services.readChat(roomKey, { threadId, limit, cursor });
    requireChatAccess(session, conn);
    const traces = session.log.lookup.listTraces(page.data.map(({ messageId }) => messageId));
    reply(session, conn, { type: 'chat.page', id, ...page, data: applyTraces(page.data, traces) });
  });
}

function answerVerb(session: RoomSession, conn: RoomConnection, frame: VerbFrame, verb: RoomVerb): void {
  runAsync(session, conn, frame.id, async (services, roomKey) => {
    const caller = callerOf(session, conn, roomKey);
    const result = await services.callVerb(verb, caller, frame);
    reply(session, conn, {
      type: 'ack',
      id: frame.id,
      seq: null,
      ...(result === undefined ? {} : { result }),
    });
  });
}

/** Answers a frame that needs another part of the product. @returns false for every other frame */
export function answerAsyncFrame(
  session: RoomSession,
  conn: RoomConnection,
  frame: RoomClientFrame,
  verb: RoomVerb | undefined,
): boolean {
  if (verb) answerVerb(session, conn, frame as VerbFrame, verb);
  else if (frame.type === 'chat.history') answerHistory(session, conn, frame as FrameOf<'chat.history'>);
  else if (frame.type === 'ticket.refresh')
    runAsync(session, conn, ('id' in frame && frame.id) || null, () => refreshTicket(session, conn));
  else return false;
  return true;
}
