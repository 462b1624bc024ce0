import { countIncluded } from '../../calls/included-use/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { TOKEN_METERS } from '../models/index.ts';
import { generationEnded } from './generations.events.ts';
import type { GenerationOutcome } from './generations.ports.ts';
import {
  changeGeneration,
  insertGeneration,
  selectGeneration,
  selectOverdue,
} from './generations.queries.ts';
import {
  endedRow,
  type GenerationFacts,
  hedgeIdOf,
  NO_USAGE,
  runningRow,
  tokensOf,
} from './generations.rules.ts';

/** Counts the used tokens of its models against the plan, and releases those that were held. */
const countTokens = (
  q: Queries,
  { organizationId, generationId, at }: { organizationId: string; generationId: string; at: Date },
  { hedge, ...answered }: Pick<GenerationOutcome, 'ownKey' | 'usage' | 'hedge'>,
) => {
  const count = (holder: string, { ownKey, usage }: Pick<GenerationOutcome, 'ownKey' | 'usage'>) =>
    countIncluded(
      q,
      { organizationId, at },
      ownKey ? [] : TOKEN_METERS.map((meter) => ({ meter, quantity: tokensOf(usage)[meter] })),
      holder,
    );
  return [count(generationId, answered), ...(hedge ? [count(hedgeIdOf(generationId), hedge)] : [])];
};

/**
 * Stores how a generation ended, once; its usage is counted from then on. Nothing is stored if its organization was
 * erased meanwhile.
 * @param isRowStored false when the Worker died before it confirmed the row; the row is then stored here, so that
 * usage is counted
 * @throws AppError `request.stale` when something else changed it at the same moment
 */
export async function finishGeneration(
  ctx: Ctx,
  { isRowStored, ...facts }: Omit<GenerationFacts, 'ownKey'> & { isRowStored: boolean },
  outcome: GenerationOutcome,
): Promise<void> {
  const { generationId } = facts;
  const [[row]] = await ctx.read((q) => [selectGeneration(q, ctx.organizationId, generationId)]);
  if (row ? row.status !== 'running' : isRowStored) return;
  const at = row?.createdAt ?? new Date(facts.startedAtMs);
  await ctx.commit({
    write: (q) => [
      row
        ? changeGeneration(q, row, endedRow(outcome))
        : insertGeneration(q, { ...runningRow({ ...facts, ownKey: outcome.ownKey }), ...endedRow(outcome) }),
      ...countTokens(q, { ...facts, at }, outcome),
    ],
    events: [generationEnded.of({ generationId, status: outcome.status })],
    result: undefined,
  });
}

/** Longer than a generation and the end of its live object can take. */
const OVERDUE_MS = 900_000;
const MAX_SWEPT = 500;

/** Ends rows whose live object was lost. */
export async function endLostGenerations(services: Services): Promise<SweepOutcome> {
  const now = new Date(services.clock.now());
  const [overdue] = await services.database.read(systemScope, (q) => [
    selectOverdue(q, new Date(now.getTime() - OVERDUE_MS), MAX_SWEPT),
  ]);
  return runSweep(services, 'generations.end_lost', overdue, async (ctx, row) => {
    const { id: generationId, organizationId } = row;
    const answer = await services.ports.liveGenerations.answer({ organizationId, generationId });
    // Its live object exists, and stores its end by itself.
    if (answer) return false;
    const durationMs = now.getTime() - row.createdAt.getTime();
    await ctx.commit({
      write: (q) => [
        changeGeneration(q, row, { status: 'failed', failure: 'interrupted', durationMs, endedAt: now }),
        ...countTokens(
          q,
          { organizationId, generationId, at: row.createdAt },
          { ownKey: row.ownKey, usage: NO_USAGE },
        ),
      ],
      events: [generationEnded.of({ generationId, status: 'failed' })],
      result: undefined,
    });
    return true;
  });
}
