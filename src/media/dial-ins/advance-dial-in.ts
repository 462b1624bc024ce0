import type { Ctx } from '../../kernel/context/index.ts';
import { isWorthCommit } from '../cluster-rows/index.ts';
import { selectReadyNumbers } from '../phone-numbers/index.ts';
import { dialInChanged } from './dial-ins.events.ts';
import { changeDialIn, selectDialInToAdvance } from './dial-ins.queries.ts';
import { goalOf } from './dial-ins.rules.ts';
import type { DialIn } from './dial-ins.tables.ts';
import { runDialIn } from './run-dial-in.ts';

/** Payload of the event of a change. */
export const changeEventOf = ({ id: roomId, state, reason }: DialIn) =>
  dialInChanged.of({ roomId, state, reason });

/**
 * Advances the dial-in of a room as far as possible now, from its room, its call, the numbers and the plan: makes the
 * cluster let callers in, or keep them out. It may run at any time and twice.
 * @param isMissing whether the cluster has lost its rule
 * @throws AppError of the cluster, `request.stale`
 */
export async function advanceDialIn(ctx: Ctx, roomId: string, isMissing = false): Promise<void> {
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [[found], numbers] = await ctx.read((q) => [
    selectDialInToAdvance(q, organizationId, roomId, now),
    selectReadyNumbers(q, organizationId),
  ]);
  if (!found) return;
  const { row: stored, ...ground } = found;
  const before = isMissing ? { ...stored, clusterRule: null } : stored;
  const { row, change } = await runDialIn(ctx, before, goalOf(before, { ...ground, numbers }));
  if (!isWorthCommit(row, change)) return;
  const changed = { ...row, ...change };
  const isMove = changed.state !== stored.state || changed.reason !== stored.reason;
  await ctx.commit({
    write: (q) => [changeDialIn(q, row, { ...change, updatedAt: now })],
    audit: isMove
      ? {
          action: `dial_in.${changed.state}`,
          target: { type: 'room', id: roomId },
          before: { state: stored.state, reason: stored.reason },
          after: { state: changed.state, reason: changed.reason },
        }
      : [],
    events: isMove ? [changeEventOf(changed)] : [],
    result: undefined,
  });
}
