import { selectActiveCalls, selectCallsConnectedSince } from '../../calls/minutes/index.ts';
import { prepareCallEnd } from '../../calls/calls/index.ts';
import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { sendLiveCommands } from '../../realtime/protocol/index.ts';
import { presentSpent } from './spending.present.ts';
import { mustHaveLeftAtMost, mustHaveLimit } from './spending.queries.ts';
import { callsOutcome } from './spending.rules.ts';
import { budgetNotices, isFormer, type LimitedCall, type MonthLeft } from './stop-calls.rules.ts';

/** Ends a call, unless the limit covers more again: then the next run decides. */
async function endCall(ctx: Ctx, call: LimitedCall, left: MonthLeft): Promise<void> {
  const { organizationId } = ctx;
  const { limit, leftMs } = left;
  const now = new Date(ctx.clock.now());
  const { write, events } = prepareCallEnd({ ...call, organizationId }, 'out_of_budget', now);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      // The stored remainder is that of the current month.
      isFormer(left, now.getTime())
        ? mustHaveLimit(q, limit)
        : mustHaveLeftAtMost(q, organizationId, leftMs, now),
      write(q),
    ],
    audit: {
      action: 'call.ended',
      severity: 'warning',
      target: { type: 'room', id: call.roomId },
      after: { callId: call.id, reason: 'out_of_budget', spendingLimit: presentSpent(limit.limitMicros) },
    },
    events,
    result: undefined,
  });
}

/**
 * Warns the people in the calls of an organization whose spending limit is nearly used up, and ends all of its calls
 * before their cost passes it. For a former month these are the calls with a connection that began in it.
 */
export async function stopCalls(ctx: Ctx, left: MonthLeft): Promise<void> {
  const { organizationId } = ctx;
  const { leftMs, connected, month } = left;
  const nowMs = ctx.clock.now();
  const outcome = callsOutcome(leftMs, connected);
  if (outcome === 'continue') return;
  const [{ rows: calls }] = await ctx.read(
    (q) => [
      isFormer(left, nowMs)
        ? selectCallsConnectedSince(q, organizationId, month)
        : selectActiveCalls(q, organizationId),
    ],
    systemScopeOf(organizationId),
  );
  for (const call of calls) {
    if (outcome === 'end') await endCall(ctx, call, left);
    else await sendLiveCommands(ctx, call.roomId, budgetNotices(call, left, nowMs));
  }
}
