import { endsAtMs } from '../../calls/calls/index.ts';
import { type Services, systemScope } from '../../kernel/context/index.ts';
import { selectCallsEndingSoon } from './lifecycle.queries.ts';
import { ENDING_NOTICE_SECONDS, endingSoonCommand } from './lifecycle.rules.ts';

const MAX_CALLS_PER_RUN = 500;

/**
 * Warns everybody in calls that reach their longest duration within two minutes. The reconciliation of the ledger ends
 * those calls.
 */
export async function warnEndingCalls({
  database,
  clock,
  ports,
  log,
}: Services): Promise<{ warned: number }> {
  const now = clock.now();
  const [ending] = await database.read(systemScope, (q) => [
    selectCallsEndingSoon(q, new Date(now), new Date(now + ENDING_NOTICE_SECONDS * 1000), MAX_CALLS_PER_RUN),
  ]);
  let warned = 0;
  for (const { callId, roomId, startedAt, maxDurationSeconds } of ending) {
    const endMs = endsAtMs(startedAt!.getTime(), { maxDurationSeconds })!;
    try {
      await ports.liveRooms.apply(roomId, [endingSoonCommand(callId, endMs, now)]);
      warned++;
    } catch (error) {
      log.warn('call.warning_failed', { callId, error });
    }
  }
  return { warned };
}
