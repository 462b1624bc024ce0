import type { ChatEvent } from '../realtime/index.ts';
import { DRAIN, type Parts, placeOf } from './room-parts.ts';

const BATCH = 100;
const FAILURES = 'drain_failures';
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Brings chat into its own table, in its order, until none waits. What could not be stored stays where it is.
 * @throws what storing it throws
 */
export async function drain(parts: Parts): Promise<void> {
  const { log, world } = parts;
  for (;;) {
    const seq = log.headSeq;
    const events = log.unkeptChat(BATCH) as ChatEvent[];
    if (events.length > 0) await world.outside().keepChat(placeOf(parts), events);
    // Another drain may have come further meanwhile.
    log.keep(Math.max(log.keptSeq, events.length < BATCH ? seq : events.at(-1)!.seq));
    if (events.length < BATCH) return;
  }
}

/** The alarm's drain: what fails is tried again, later each time, for as long as it takes. */
export async function drainByAlarm(parts: Parts): Promise<void> {
  const { meta, due, world } = parts;
  const failures = meta.number(FAILURES);
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  // Before anything is waited for: an object that vanishes meanwhile is woken for it again.
  due.add(DRAIN, world.clock.now() + delayMs);
  try {
    await drain(parts);
    meta.set(FAILURES, 0);
    if (!parts.log.hasUnkeptChat) due.cancel(DRAIN);
  } catch (error) {
    meta.set(FAILURES, failures + 1);
    world.outside().log.error('live_room.chat_not_kept', { failures: failures + 1, error });
  }
}
