import type { ChatEvent } from '../protocol/index.ts';
import { PERSIST_CHAT_TASK } from './commit-outcome.ts';
import { type RoomSession, readRoomKey } from './room-session.ts';

const BATCH_SIZE = 100;
/** The name is stored. */
const FAILURES_KEY = 'drain_failures';
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Persists pending chat in its own table, in order, until none is left. What could not be stored stays pending.
 * @throws what the storing throws
 */
export async function persistPendingChat(session: RoomSession): Promise<void> {
  const { log, runtime } = session;
  for (;;) {
    const seq = log.headSeq;
    const events = log.unpersistedChat(BATCH_SIZE) as ChatEvent[];
    if (events.length > 0) await runtime.services().persistChat(readRoomKey(session), events);
    // Another run may have got further in the meantime.
    log.markPersisted(Math.max(log.persistedSeq, events.length < BATCH_SIZE ? seq : events.at(-1)!.seq));
    if (events.length < BATCH_SIZE) return;
  }
}

/** Persists pending chat from the alarm. A failure is tried again, after a growing delay, for as long as it takes. */
export async function persistChatByAlarm(session: RoomSession): Promise<void> {
  const { meta, due, runtime } = session;
  const failures = meta.getNumber(FAILURES_KEY);
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  // Due again before anything is awaited: an object that vanishes in the meantime is woken for it.
  due.addEarliest(runtime.clock.now() + delayMs, PERSIST_CHAT_TASK);
  try {
    await persistPendingChat(session);
    meta.set(FAILURES_KEY, 0);
    if (!session.log.hasUnpersistedChat) due.cancelEarliest(PERSIST_CHAT_TASK);
  } catch (error) {
    meta.set(FAILURES_KEY, failures + 1);
    runtime.services().log.error('live_room.chat_not_persisted', { failures: failures + 1, error });
  }
}
