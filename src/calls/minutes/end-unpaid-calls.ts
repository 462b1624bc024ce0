import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { sendLiveCommands } from '../../realtime/protocol/index.ts';
import { prepareCallEnd } from '../calls/index.ts';
import { markUsedUp, mustBeUsedUp } from './minutes.queries.ts';
import { unpaidEndsAtMs, unpaidNotices, type UnpaidCall } from './minutes.rules.ts';

/** Calls beyond it follow in the next minute; those whose end is nearest come first. */
const MAX_CALLS_PER_RUN = 2_000;

/** Ends a call, unless the organization has minutes again: then another run finds that out. */
async function endCall(ctx: Ctx, call: UnpaidCall): Promise<void> {
  const now = new Date(ctx.clock.now());
  const { id, organizationId, roomId, since } = call;
  const { write, events } = prepareCallEnd(call, 'out_of_minutes', now);
  await ctx.commit({
    write: (q) => [mustBeUsedUp(q, { organizationId, now }), write(q)],
    audit: {
      action: 'call.ended',
      severity: 'warning',
      target: { type: 'room', id: roomId },
      after: { callId: id, reason: 'out_of_minutes', usedUpAt: since.toISOString() },
    },
    events,
    result: undefined,
  });
}

/** Warns the people in the call, and ends it when its time is over. */
async function attendToCall(ctx: Ctx, call: UnpaidCall): Promise<boolean> {
  const nowMs = ctx.clock.now();
  if (unpaidEndsAtMs(call) > nowMs) {
    await sendLiveCommands(ctx, call.roomId, unpaidNotices(call, nowMs));
    return false;
  }
  await endCall(ctx, call);
  return true;
}

/**
 * Scheduled each minute: finds the organizations whose calls run although the minutes of their plan are used up, warns the
 * people in these calls, and ends all of them an hour later. More minutes, by a credit, a larger plan or a new month,
 * revoke that.
 * @returns how many calls were ended, and how many failed and are left to the next run
 */
export async function endUnpaidCalls(services: Services): Promise<{ ended: number; failed: number }> {
  const { database, clock } = services;
  const now = new Date(clock.now());
  const [{ rows }] = await database.read(systemScope, (q) => [markUsedUp(q, now, MAX_CALLS_PER_RUN)]);
  const calls = rows.map(({ since, ...call }) => ({ ...call, since: new Date(since) }));
  const { done, failed } = await runSweep(services, 'minutes.end_unpaid', calls, attendToCall);
  return { ended: done, failed };
}
