import type { ChatEvent } from '../protocol/index.ts';
import { PERSIST_CHAT_TASK, type RoomSession, readRoomKey } from './room-session.ts';

const BATCH_SIZE = 100;
const FAILURES_KEY = 'drain_failures';
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Brings chat into its own table, in its order, until none waits. What could not be stored stays where it is.
 * @throws what storing it throws
 */
export async function persistPendingChat(session: RoomSession): Promise<void> {
  const { log, runtime } = session;
  for (;;) {
    const seq = log.headSeq;
    const events = log.unpersistedChat(BATCH_SIZE) as ChatEvent[];
    if (events.length > 0) await runtime.services().persistChat(readRoomKey(session), events);
    // Another drain may have come further meanwhile.
    log.markPersisted(Math.max(log.persistedSeq, events.length < BATCH_SIZE ? seq : events.at(-1)!.seq));
    if (events.length < BATCH_SIZE) return;
  }
}

/** The alarm's drain: what fails is tried again, later each time, for as long as it takes. */
export async function persistChatByAlarm(session: RoomSession): Promise<void> {
  const { meta, due, runtime } = session;
  const failures = meta.getNumber(FAILURES_KEY);
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  // Before anything is waited for: an object that vanishes meanwhile is woken for it again.
  due.addEarliest(runtime.clock.now() + delayMs, PERSIST_CHAT_TASK);
  try {
    await persistPendingChat(session);
    meta.set(FAILURES_KEY, 0);
    if (!session.log.hasUnpersistedChat) due.cancelEarliest(PERSIST_CHAT_TASK);
  } catch (error) {
    meta.set(FAILURES_KEY, failures + 1);
    runtime.services().log.error('live_room.chat_not_kept', { failures: failures + 1, error });
  }
}
