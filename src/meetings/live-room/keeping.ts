import type { ChatEvent } from '../realtime/index.ts';
import { DRAIN, type Parts, placeOf } from './room-parts.ts';

const BATCH = 100;
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
  try {
    await drain(parts);
    meta.set('drain_failures', 0);
  } catch (error) {
    const failures = meta.number('drain_failures') + 1;
    meta.set('drain_failures', failures);
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    due.add(DRAIN, world.clock.now() + delayMs);
    world.outside().log.error('live_room.chat_not_kept', { failures, error });
  }
}
