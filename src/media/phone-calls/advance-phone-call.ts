import type { Ctx } from '../../kernel/context/index.ts';
import { isWorthCommit } from '../cluster-rows/index.ts';
import { selectRunningAnsweredIn } from './open-phone-calls.queries.ts';
import { recordsOfMove } from './phone-call-records.ts';
import { phoneCallLookDue } from './phone-calls.events.ts';
import { changePhoneCall, selectPhoneCallToAdvance } from './phone-calls.queries.ts';
import { LOOK_MS, moveTo, needsLook } from './phone-calls.rules.ts';
import type { PhoneCall } from './phone-calls.tables.ts';
import { runPhoneCall } from './run-phone-call.ts';

/**
 * Advances a telephone call as far as possible now, from its room, its trunk, its cluster and the ledger: dials,
 * follows, hangs up. It may run at any time and twice.
 * @returns the telephone call as it is now; null when there is none
 * @throws AppError of the cluster, `outgoing.resolver_unavailable`, `request.stale`
 */
export async function advancePhoneCall(ctx: Ctx, phoneCallId: string): Promise<PhoneCall | null> {
  const now = new Date(ctx.clock.now());
  const [[found]] = await ctx.read((q) => [
    selectPhoneCallToAdvance(q, ctx.organizationId, phoneCallId, now),
  ]);
  if (!found) return null;
  const { row, change } = await runPhoneCall(ctx, found);
  if (!isWorthCommit(row, change)) return row;
  const changed = { ...row, ...change, version: row.version + 1 };
  const { audit, events } = recordsOfMove(row, changed);
  // Nothing more may be reported of a participant that was missed: its end is in the ledger already.
  const isMissed = row.missingAt === null && changed.missingAt !== null;
  return ctx.commit({
    write: (q) => changePhoneCall(q, row, change, now),
    audit,
    events: isMissed ? [...events, lookDue(ctx, phoneCallId)] : events,
    result: changed,
  });
}

const lookDue = (ctx: Ctx, phoneCallId: string) =>
  phoneCallLookDue.of({ phoneCallId }, { availableAtMs: ctx.clock.now() + LOOK_MS });

/** The same, and looks again soon while no event would report what happens. */
export async function advanceAndLook(ctx: Ctx, { phoneCallId }: { phoneCallId: string }): Promise<void> {
  const row = await advancePhoneCall(ctx, phoneCallId);
  if (!row || !needsLook(row)) return;
  await ctx.commit({ write: () => [], events: [lookDue(ctx, phoneCallId)], result: undefined });
}

/**
 * Hangs up the telephone calls that were answered in a month and run, because what may be spent in it is: a look at them knows the current
 * month alone.
 * @throws AppError `request.stale`
 */
export async function hangUpAnsweredIn(ctx: Ctx, month: { from: Date; to: Date }): Promise<void> {
  const now = new Date(ctx.clock.now());
  const [rows] = await ctx.read((q) => [selectRunningAnsweredIn(q, ctx.organizationId, month)]);
  for (const row of rows) {
    const change = moveTo(row, 'ending', 'limit_reached', now.getTime());
    const { audit, events } = recordsOfMove(row, { ...row, ...change, version: row.version + 1 });
    await ctx.commit({
      write: (q) => changePhoneCall(q, row, change, now),
      audit,
      events,
      result: undefined,
    });
  }
}
