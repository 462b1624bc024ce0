import { selectActiveCalls } from '../../calls/minutes/index.ts';
import { prepareCallEnd } from '../../calls/calls/index.ts';
import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { sendLiveCommands } from '../../realtime/protocol/index.ts';
import { presentSpent } from './spending.present.ts';
import { mustHaveLeftAtMost } from './spending.queries.ts';
import { callsOutcome, type SpendingLimitRow } from './spending.rules.ts';
import { budgetNotices, type LimitedCall } from './stop-calls.rules.ts';

/** Ends a call, unless the limit covers more meanwhile: then the next run decides. */
async function endCall(ctx: Ctx, call: LimitedCall, limit: SpendingLimitRow, leftMs: bigint): Promise<void> {
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const { write, events } = prepareCallEnd({ ...call, organizationId }, 'out_of_budget', now);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [mustHaveLeftAtMost(q, organizationId, leftMs, now), write(q)],
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
 * Warns the people in the calls of an organization whose spending limit is nearly used up, and ends all of its calls before what
 * they cost passes it.
 * @param connected how many participants use it up
 */
export async function stopCalls(
  ctx: Ctx,
  limit: SpendingLimitRow,
  leftMs: bigint,
  connected: number,
): Promise<void> {
  const outcome = callsOutcome(leftMs, connected);
  if (outcome === 'continue') return;
  const [{ rows: calls }] = await ctx.read(
    (q) => [selectActiveCalls(q, ctx.organizationId)],
    systemScopeOf(ctx.organizationId),
  );
  for (const call of calls) {
    if (outcome === 'end') await endCall(ctx, call, limit, leftMs);
    else
      await sendLiveCommands(
        ctx,
        call.roomId,
        budgetNotices(call, limit, Number(leftMs) / connected, ctx.clock.now()),
      );
  }
}
