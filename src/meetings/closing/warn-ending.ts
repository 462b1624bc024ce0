import { type Services, systemScope } from '../../platform/context/index.ts';
import { listEndingSoon } from './closing.queries.ts';
import { NOTICE_SECONDS, timeNotice } from './closing.rules.ts';

const AT_ONCE = 500;

/**
 * Tells everybody in calls that reach their room's longest duration within two minutes: once, by the key of the notice.
 * They are ended by the reconciliation of the ledger.
 */
export async function warnEndingCalls({
  database,
  clock,
  ports,
  log,
}: Services): Promise<{ warned: number }> {
  const now = clock.now();
  const [ending] = await database.read(systemScope, (q) => [
    listEndingSoon(q, new Date(now), new Date(now + NOTICE_SECONDS * 1000), AT_ONCE),
  ]);
  let warned = 0;
  for (const { callId, roomId, startedAt, maxDurationSeconds } of ending) {
    const endsAtMs = startedAt!.getTime() + maxDurationSeconds! * 1000;
    try {
      await ports.liveRooms.apply(roomId, [timeNotice(callId, endsAtMs, now)]);
      warned++;
    } catch (error) {
      log.warn('call.not_warned', { callId, error });
    }
  }
  return { warned };
}
