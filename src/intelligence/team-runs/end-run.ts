import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { agreedSoFar, resultSoFar } from '../team-modes/index.ts';
import { isLimit, type RunReason, type RunState } from './team-runs.enums.ts';
import { teamRunEnded } from './team-runs.events.ts';
import { changeRun, changeTurn } from './team-runs.queries.ts';
import type { TeamRun, TeamTurn } from './team-runs.tables.ts';

/** How a run ends. */
export type RunEnding = Pick<TeamRun, 'state' | 'reason' | 'result' | 'agreed'> &
  Partial<Pick<TeamRun, 'errorCode'>>;

export const completeTurns = (turns: readonly TeamTurn[]): TeamTurn[] =>
  turns.filter(({ state }) => state === 'complete');

/** The end of a run that is ended early: with the result so far. */
export function earlyEnding(
  { team }: TeamRun,
  turns: readonly TeamTurn[],
  reason: RunReason | null,
): RunEnding {
  const state: RunState = reason === null ? 'stopped' : isLimit(reason) ? 'incomplete' : 'failed';
  return { state, reason, result: resultSoFar(team, completeTurns(turns)), agreed: agreedSoFar(team) };
}

/** Cancels the generation that answers a turn, if there is one. Its end settles the turn. */
export async function cancelTurn(ctx: Ctx, turns: readonly TeamTurn[]): Promise<void> {
  const last = turns.at(-1);
  if (last?.state !== 'running' || last.generationId === null) return;
  await ctx.ports.liveGenerations.cancel(
    { organizationId: ctx.organizationId, generationId: last.generationId },
    'cancelled',
  );
}

/** The change that ends a run; a turn that waits for another attempt gets none. */
export function endOf(ctx: Ctx, run: TeamRun, turns: readonly TeamTurn[], ending: RunEnding) {
  const endedAt = new Date(ctx.clock.now());
  const last = turns.at(-1);
  const waiting = last?.state === 'running' && last.generationId === null ? last : undefined;
  const set = { ...ending, endedAt };
  return {
    write: (q: Queries): Statement[] => [
      changeRun(q, run, set),
      ...(waiting ? [changeTurn(q, waiting, { state: 'cancelled', endedAt })] : []),
    ],
    events: [teamRunEnded.of({ runId: run.id, state: ending.state, reason: ending.reason })],
    result: { ...run, ...set, version: run.version + 1 },
  };
}

/**
 * Ends a run, and the answer in progress.
 * @throws AppError `request.stale` when something else changed it at the same moment
 */
export async function endRun(
  ctx: Ctx,
  run: TeamRun,
  turns: readonly TeamTurn[],
  ending: RunEnding,
): Promise<void> {
  await ctx.commit({
    // A run is ended even if its owner has lost rights.
    scope: systemScopeOf(ctx.organizationId),
    ...endOf(ctx, run, turns, ending),
  });
  await cancelTurn(ctx, turns);
}
