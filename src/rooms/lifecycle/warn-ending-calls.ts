import { assembleLedgers, endsAtMs, selectLedgers } from '../../calls/calls/index.ts';
import { aloneUntilMs } from '../../calls/sync/index.ts';
import { type Services, systemScope } from '../../kernel/context/index.ts';
import type { LiveCommand } from '../../realtime/protocol/index.ts';
import { selectCallsEndingSoon, selectCallsOfOne } from './lifecycle.queries.ts';
import { aloneCommand, ENDING_NOTICE_SECONDS, endingSoonCommand } from './lifecycle.rules.ts';

const MAX_CALLS_PER_RUN = 500;
/** Their ledgers are read. */
const MAX_CALLS_OF_ONE_PER_RUN = 100;

interface Warning {
  callId: string;
  roomId: string;
  command: LiveCommand;
}

/** Warnings for calls in which one person has been alone for almost as long as the room allows. */
async function warningsForPeopleAlone({ database, clock }: Services): Promise<Warning[]> {
  const now = clock.now();
  const [found] = await database.read(systemScope, (q) => [selectCallsOfOne(q, MAX_CALLS_OF_ONE_PER_RUN)]);
  if (found.length === 0) return [];
  const callIds = found.map(({ callId }) => callId);
  const ledgers = assembleLedgers(await database.read(systemScope, (q) => selectLedgers(q, callIds)));
  return [...ledgers].flatMap(([callId, ledger]) => {
    const endMs = aloneUntilMs(ledger);
    if (endMs <= now || endMs > now + ENDING_NOTICE_SECONDS * 1000) return [];
    return [{ callId, roomId: ledger.rows.call.roomId, command: aloneCommand(callId, endMs, now) }];
  });
}

/**
 * Warns everybody in calls that reach their longest duration within two minutes, and people who have been alone in a call
 * for so long that it ends within two minutes. The reconciliation of the ledger ends those calls.
 */
export async function warnEndingCalls(services: Services): Promise<{ warned: number }> {
  const { database, clock, ports, log } = services;
  const now = clock.now();
  const [ending] = await database.read(systemScope, (q) => [
    selectCallsEndingSoon(q, new Date(now), new Date(now + ENDING_NOTICE_SECONDS * 1000), MAX_CALLS_PER_RUN),
  ]);
  const warnings = ending.map(({ callId, roomId, startedAt, maxDurationSeconds }): Warning => {
    const endMs = endsAtMs(startedAt!.getTime(), { maxDurationSeconds })!;
    return { callId, roomId, command: endingSoonCommand(callId, endMs, now) };
  });
  let warned = 0;
  for (const { callId, roomId, command } of [...warnings, ...(await warningsForPeopleAlone(services))]) {
    try {
      await ports.liveRooms.apply(roomId, [command]);
      warned++;
    } catch (error) {
      log.warn('call.warning_failed', { callId, error });
    }
  }
  return { warned };
}
