import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { AppError, isError, isRefusal, isStale, retryStale } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { cancelTurn, completeTurns, earlyEnding, endRun } from './end-run.ts';
import { areMembersThere, findStarter, readGround, type RunGround } from './run-ground.ts';
import { settleTurn } from './settle-turn.ts';
import { nextStep, type TurnStep } from '../team-modes/index.ts';
import { takeTurn } from './take-turn.ts';
import type { RunReason } from './team-runs.enums.ts';
import { selectOpenRuns, selectRunOfGeneration, selectRunsWithoutTeam } from './team-runs.queries.ts';
import type { TeamTurn } from './team-runs.tables.ts';

const endEarly = (ctx: Ctx, { run, turns }: RunGround, reason: RunReason | null, errorCode?: string) =>
  endRun(ctx, run, turns, {
    ...earlyEnding(run, turns, reason),
    ...(errorCode === undefined ? {} : { errorCode }),
  });

/** Why a run ends after an incomplete turn; null when its owner cancelled the answer. */
function reasonAfter({ failure }: TeamTurn): RunReason | null {
  if (failure === null) return null;
  return failure === 'access_ended' || failure === 'out_of_budget' ? failure : 'turn_failed';
}

/** Why an error refuses a turn; undefined for an error that may pass. */
function reasonOfRefusal(error: unknown): RunReason | undefined {
  if (isError(error, entitlementErrors.featureNotIncluded)) return 'not_included';
  // At the limit of simultaneous generations: others will end. A monthly allowance or the spending limit does not
  // recover that soon.
  if (isError(error, entitlementErrors.limitReached))
    return error.details.limit?.name === 'running_generations' ? undefined : 'turn_refused';
  if (!(error instanceof AppError)) return undefined;
  if (error.code.startsWith('auth.')) return 'access_ended';
  return error.code.startsWith('ai.') || isRefusal(error) ? 'turn_refused' : undefined;
}

/** The step of the waiting turn, as it was decided when it began. */
function stepOf({ run, turns }: RunGround, waiting: TeamTurn | undefined) {
  const step = nextStep(run.team, completeTurns(turns));
  if (waiting && step.kind !== 'turn') throw new Error('a turn waits that no rule asks for');
  return step;
}

async function tryTurn(
  ctx: Ctx,
  ground: RunGround,
  step: TurnStep,
  waiting: TeamTurn | undefined,
): Promise<void> {
  const starter = await findStarter(ctx, ground.run);
  if (!starter) return endEarly(ctx, ground, 'access_ended');
  if (!areMembersThere(starter, ground)) return endEarly(ctx, ground, 'member_gone');
  try {
    if (!(await takeTurn(ctx.as(starter), ground, step, waiting)))
      await endEarly(ctx, ground, 'out_of_run_budget');
  } catch (error) {
    if (isStale(error)) throw error;
    const reason = reasonOfRefusal(error);
    if (reason === undefined) throw error;
    await endEarly(ctx, ground, reason, error instanceof AppError ? error.code : undefined);
  }
}

/** While a turn is answered: checks whether the run may still continue. */
async function checkRunning(ctx: Ctx, ground: RunGround): Promise<void> {
  const starter = await findStarter(ctx, ground.run);
  if (!starter) return endEarly(ctx, ground, 'access_ended');
  if (!areMembersThere(starter, ground)) return endEarly(ctx, ground, 'member_gone');
}

/** Takes a run one step further, from any step. */
async function advance(ctx: Ctx, ground: RunGround): Promise<void> {
  const { run, turns } = ground;
  if (run.teamId === null) return endEarly(ctx, ground, 'team_deleted');
  if (ctx.clock.now() >= run.endsBy.getTime()) return endEarly(ctx, ground, 'out_of_time');
  const last = turns.at(-1);
  if (last?.state === 'running' && last.generationId !== null) return checkRunning(ctx, ground);
  if (last?.state === 'failed' || last?.state === 'cancelled')
    return endEarly(ctx, ground, reasonAfter(last));
  const waiting = last?.state === 'running' ? last : undefined;
  if (waiting?.askAfter && ctx.clock.now() < waiting.askAfter.getTime()) return undefined;
  const step = stepOf(ground, waiting);
  if (step.kind === 'turn') return tryTurn(ctx, ground, step, waiting);
  const { reason, result, agreed } = step;
  if (reason !== null) return endEarly(ctx, ground, reason);
  return endRun(ctx, run, turns, { state: 'completed', reason, result, agreed });
}

/** With its last turn settled, if that has ended. */
async function withSettledTurn(ctx: Ctx, ground: RunGround): Promise<RunGround> {
  const last = ground.turns.at(-1);
  if (last?.state !== 'running') return ground;
  // The run has ended without ending its answer, because of a crash in between.
  if (ground.run.endedAt !== null) await cancelTurn(ctx, ground.turns);
  if (last.generationId === null) return ground;
  const settled = await settleTurn(ctx, ground.run, last);
  return settled
    ? { ...ground, run: settled.run, turns: [...ground.turns.slice(0, -1), settled.turn] }
    : ground;
}

/** Takes a run as far as possible now. It may run at any time, and twice, and may be interrupted at any step. */
export async function advanceRun(ctx: Ctx, { runId }: { runId: string }): Promise<void> {
  const step = async () => {
    const ground = await readGround(ctx, runId);
    const settled = ground && (await withSettledTurn(ctx, ground));
    if (settled?.run.endedAt === null) await advance(ctx, settled);
  };
  await retryStale(3, step).catch((error: unknown) => {
    if (!isStale(error)) throw error; // something else advances it
  });
}

/** After a generation has ended: advances the run whose turn it answers, if there is one. */
export async function advanceRunOfGeneration(
  ctx: Ctx,
  { generationId }: { generationId: string },
): Promise<void> {
  const [[found]] = await ctx.read(
    (q) => [selectRunOfGeneration(q, ctx.organizationId, generationId)],
    systemScopeOf(ctx.organizationId),
  );
  if (found) await advanceRun(ctx, found);
}

/** After a team was deleted: its runs end. */
export async function endRunsWithoutTeam(ctx: Ctx): Promise<void> {
  const [runs] = await ctx.read(
    (q) => [selectRunsWithoutTeam(q, ctx.organizationId)],
    systemScopeOf(ctx.organizationId),
  );
  for (const { id: runId } of runs) await advanceRun(ctx, { runId });
}

const MAX_SWEPT = 500;

/**
 * Scheduled each minute: ends runs that may not continue, and resumes those that stopped because something was lost.
 */
export async function sweepRuns(services: Services): Promise<SweepOutcome> {
  const [open] = await services.database.read(systemScope, (q) => [
    selectOpenRuns(q, new Date(services.clock.now()), MAX_SWEPT),
  ]);
  return runSweep(services, 'team_runs.sweep', open, (ctx, { id: runId }) => advanceRun(ctx, { runId }));
}
