import type { Person } from '../live-state/index.ts';
import { type BaseFrame, realtimeErrors, type RoomCaller, type RoomVerb } from '../realtime/index.ts';
import type { Conn } from './conn.ts';
import { drain } from './keeping.ts';
import { upToDate } from './overlay.rules.ts';
import { WORK_ALLOWED } from './rate.rules.ts';
import { fail, type Outside, type Parts, placeOf, reply, type RoomPlace, seesChat } from './room-parts.ts';
import { refreshTicket } from './tickets.ts';

/** A frame of a verb: its fields are for the verb alone. */
export interface VerbFrame {
  type: string;
  id: string;
}

/** What a socket may send. */
export type AnyFrame = BaseFrame | VerbFrame;
type Of<T extends BaseFrame['type']> = Extract<BaseFrame, { type: T }>;

/** Does work that waits for something outside of the room; other frames go on meanwhile. */
export function ask(
  parts: Parts,
  conn: Conn,
  id: string | null,
  work: (outside: Outside, place: RoomPlace) => Promise<void>,
): void {
  if (conn.working >= WORK_ALLOWED) throw realtimeErrors.busy();
  conn.working++;
  const whole = async () => {
    try {
      await work(parts.world.outside(), placeOf(parts));
    } catch (error) {
      fail(parts, conn, id, error);
    } finally {
      conn.working--;
    }
  };
  parts.world.keepAlive(whole());
}

/** Somebody who is in the room now, also after it was waited for something. @throws AppError `realtime.not_allowed` */
function present({ store }: Parts, conn: Conn): Person {
  const person = store.state.people.get(conn.identity);
  if (!person || conn.closed) throw realtimeErrors.notAllowed();
  return person;
}

function callerOf({ store }: Parts, person: Person, place: RoomPlace): RoomCaller {
  const { identity, participantId, name, role, kind, userId, linkId } = person;
  const callId = store.state.facts.call?.callId ?? person.callId;
  return { ...place, identity, participantId, callId, name, role, kind, userId, linkId };
}

/** Somebody who has the chat now. @throws AppError `realtime.not_allowed` */
function requireChat(parts: Parts, conn: Conn): void {
  present(parts, conn);
  if (!seesChat(parts, conn.identity)) throw realtimeErrors.notAllowed();
}

/**
 * What was sent last is stored first: a page misses nothing that was in the room before it was asked for. What happened
 * while it was read is in it as well: who has heard of that already is told nothing older.
 */
function history(parts: Parts, conn: Conn, { id, threadId, limit, cursor }: Of<'chat.history'>): void {
  requireChat(parts, conn);
  ask(parts, conn, id, async (outside, place) => {
    if (cursor === undefined) await drain(parts);
    const page = await outside.readChat(place, { threadId, limit, cursor });
    requireChat(parts, conn);
    const traces = parts.log.memory.traces(page.data.map(({ messageId }) => messageId));
    reply(parts, conn, { type: 'chat.page', id, ...page, data: upToDate(page.data, traces) });
  });
}

function callVerb(parts: Parts, conn: Conn, frame: VerbFrame, verb: RoomVerb): void {
  ask(parts, conn, frame.id, async (outside, place) => {
    const caller = callerOf(parts, present(parts, conn), place);
    const result = await outside.callVerb(verb, caller, frame);
    reply(parts, conn, {
      type: 'ack',
      id: frame.id,
      seq: null,
      ...(result === undefined ? {} : { result }),
    });
  });
}

/** Answers a frame that needs something from outside. @returns false for every other frame */
export function answerByAsking(
  parts: Parts,
  conn: Conn,
  frame: AnyFrame,
  verb: RoomVerb | undefined,
): boolean {
  if (verb) callVerb(parts, conn, frame as VerbFrame, verb);
  else if (frame.type === 'chat.history') history(parts, conn, frame as Of<'chat.history'>);
  else if (frame.type === 'ticket.refresh')
    ask(parts, conn, ('id' in frame && frame.id) || null, () => refreshTicket(parts, conn));
  else return false;
  return true;
}
