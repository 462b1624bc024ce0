import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { textOf } from '../ended-answers/index.ts';
import {
  type Generation,
  type GenerationAnswer,
  type GenerationFailure,
  selectGenerationById,
} from '../generations/index.ts';
import { chargeOfAttempt, costOfAttempt } from './run-budget.ts';
import { teamRunDue } from './team-runs.events.ts';
import { changeRun, changeTurn } from './team-runs.queries.ts';
import type { TeamRun, TeamTurn } from './team-runs.tables.ts';

/** A live object that does not know a generation after this time never began it. */
const LOST_MS = 60_000;
const MAX_ATTEMPTS = 3;
const ASK_AGAIN_MS = 10_000;

/** Failures after which the same question may still be answered. */
const PASSING: readonly GenerationFailure[] = [
  'interrupted',
  'busy',
  'overloaded',
  'unavailable',
  'stalled',
  'cut',
  'malformed',
];

/** The attempt that answers a turn: its row, and its answer if that is kept. */
interface AttemptEnd {
  generation: Generation;
  text: string;
  failure: GenerationFailure | null;
}

/** The text of an answer, without characters that the database does not accept. */
const storableTextOf = (answer: GenerationAnswer): string =>
  textOf(answer).toWellFormed().replaceAll('\0', '');

/** How the attempt ended; null while it runs. The row decides, because usage is counted from it. */
async function endOfAttempt(ctx: Ctx, { generationId }: TeamTurn): Promise<AttemptEnd | 'gone' | null> {
  const { organizationId } = ctx;
  const ref = { organizationId, generationId: generationId! };
  const [[generation]] = await ctx.read((q) => [selectGenerationById(q, organizationId, ref.generationId)]);
  if (!generation) return 'gone';
  const answer = await ctx.ports.liveGenerations.answer(ref);
  if (generation.status === 'running') {
    const ageMs = ctx.clock.now() - generation.createdAt.getTime();
    if (answer || ageMs < LOST_MS) return null;
    await ctx.ports.liveGenerations.cancel(ref, 'cancelled');
    return { generation, text: '', failure: 'interrupted' };
  }
  // A complete answer that is no longer kept has to be given again.
  if (!answer && generation.status === 'completed') return { generation, text: '', failure: 'interrupted' };
  return { generation, text: answer ? storableTextOf(answer) : '', failure: generation.failure };
}

/** The turn after its attempt has ended. */
function turnAfter(ctx: Ctx, turn: TeamTurn, isOver: boolean, end: AttemptEnd | 'gone'): Partial<TeamTurn> {
  const now = new Date(ctx.clock.now());
  const { text, failure } = end === 'gone' ? { text: '', failure: 'interrupted' as const } : end;
  if (failure !== null && PASSING.includes(failure) && turn.attempts < MAX_ATTEMPTS && !isOver)
    return {
      generationId: null,
      reservedMicros: null,
      failure,
      askAfter: new Date(now.getTime() + ASK_AGAIN_MS * turn.attempts),
    };
  const isCancelled = end !== 'gone' && end.generation.status === 'cancelled';
  const state = isCancelled ? 'cancelled' : failure === null ? 'complete' : 'failed';
  return { state, text, failure, endedAt: now };
}

/**
 * Stores how the attempt of a turn ended, and its cost, once.
 * @returns run and turn afterwards; null while it is being answered
 * @throws AppError `request.stale` when something else did so at the same moment
 */
export async function settleTurn(
  ctx: Ctx,
  run: TeamRun,
  turn: TeamTurn,
): Promise<{ run: TeamRun; turn: TeamTurn } | null> {
  const end = await endOfAttempt(ctx, turn);
  if (end === null) return null;
  const cost = end === 'gone' ? null : await costOfAttempt(ctx, end.generation);
  const charge = end === 'gone' ? (turn.reservedMicros ?? 0) : chargeOfAttempt(turn, end.generation, cost);
  const setTurn: Partial<TeamTurn> = {
    ...turnAfter(ctx, turn, run.endedAt !== null, end),
    costMicros: turn.costMicros === null || cost === null ? null : turn.costMicros + cost,
  };
  const setRun = { spentMicros: run.spentMicros + charge };
  const askAgainAtMs = setTurn.askAfter?.getTime();
  await ctx.commit({
    // The answer and the cost of an agent are stored even if its owner has lost rights.
    scope: systemScopeOf(ctx.organizationId),
    write: (q) => [changeTurn(q, turn, setTurn), changeRun(q, run, setRun)],
    events:
      askAgainAtMs === undefined
        ? []
        : [
            teamRunDue.of(
              { runId: run.id },
              { availableAtMs: askAgainAtMs, key: `${turn.id} ${turn.attempts}` },
            ),
          ],
    result: undefined,
  });
  return {
    run: { ...run, ...setRun, version: run.version + 1 },
    turn: { ...turn, ...setTurn, version: turn.version + 1 },
  };
}
