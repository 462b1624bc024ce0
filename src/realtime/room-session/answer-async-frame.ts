import type { LivePerson } from '../room-state/index.ts';
import { type RoomBaseFrame, realtimeErrors, type RoomCaller, type RoomVerb } from '../protocol/index.ts';
import type { RoomConnection } from './room-connection.ts';
import { persistPendingChat } from './persist-chat.ts';
import { applyTraces } from '../room-state/index.ts';
import { MAX_ASYNC_FRAMES } from './rate.rules.ts';
import {
  reportFailure,
  type RoomServices,
  type RoomSession,
  readRoomKey,
  reply,
  type RoomKey,
  hasChatAccess,
} from './room-session.ts';
import { refreshTicket } from './renew-ticket.ts';

/** A frame of a verb: its fields are for the verb alone. */
export interface VerbFrame {
  type: string;
  id: string;
}

/** What a socket may send. */
export type RoomClientFrame = RoomBaseFrame | VerbFrame;
type FrameOf<T extends RoomBaseFrame['type']> = Extract<RoomBaseFrame, { type: T }>;

/** Does work that waits for something outside of the room; other frames go on meanwhile. */
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

/** Somebody who is in the room now, also after it was waited for something. @throws AppError `realtime.not_allowed` */
function requirePresent({ store }: RoomSession, conn: RoomConnection): LivePerson {
  const person = store.state.people.get(conn.identity);
  if (!person || conn.closed) throw realtimeErrors.notAllowed();
  return person;
}

function callerOf({ store }: RoomSession, person: LivePerson, roomKey: RoomKey): RoomCaller {
  const { identity, participantId, name, role, kind, userId, linkId } = person;
  const callId = store.state.facts.call?.callId ?? person.callId;
  return { ...roomKey, identity, participantId, callId, name, role, kind, userId, linkId };
}

/** Somebody who has the chat now. @throws AppError `realtime.not_allowed` */
function requireChatAccess(session: RoomSession, conn: RoomConnection): void {
  requirePresent(session, conn);
  if (!hasChatAccess(session, conn.identity)) throw realtimeErrors.notAllowed();
}

/**
 * What was sent last is stored first: a page misses nothing that was in the room before it was asked for. What happened
 * while it was read is in it as well: who has heard of that already is told nothing older.
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
    const caller = callerOf(session, requirePresent(session, conn), roomKey);
    const result = await services.callVerb(verb, caller, frame);
    reply(session, conn, {
      type: 'ack',
      id: frame.id,
      seq: null,
      ...(result === undefined ? {} : { result }),
    });
  });
}

/** Answers a frame that needs something from outside. @returns false for every other frame */
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
