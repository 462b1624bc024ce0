import type { Ctx } from '../../platform/context/index.ts';
import { type Page, pageOf, readCursor } from '../../platform/core/index.ts';
import { identityOf } from '../rooms/index.ts';
import { NOTHING_MEASURED, type Observation, summariesOf, TOO_FEW, verdictsOf } from '../verdicts/index.ts';
import { unpackSamples } from './packing.rules.ts';
import { qualityErrors } from './quality.errors.ts';
import {
  findReach,
  listBatches,
  listParticipants,
  readMeasured,
  type SampleBatch,
} from './quality.queries.ts';
import { READ_BUDGET, seesEverybody } from './quality.rules.ts';
import type { CallQualityQuery, ListSamples, PreCallTest } from './quality.schemas.ts';

type Reach = Awaited<ReturnType<typeof findReach>>[number];

/** @throws AppError `quality.call_not_found`, also for who was not in the call */
function requireReach(ctx: Ctx, reach: Reach | undefined): void {
  if (!reach || !(reach.participantId || seesEverybody(ctx.actor))) throw qualityErrors.callNotFound();
}

/**
 * Samples as they were kept, in that order: everybody's for services and administrators, else the caller's own.
 * @throws AppError `quality.call_not_found` for a call that the caller was not in
 */
export async function listSamples(ctx: Ctx, query: ListSamples): Promise<Page<SampleBatch>> {
  const { organizationId } = ctx;
  const { callId, participantId, limit } = query;
  const own = identityOf(ctx.actor);
  const userId = seesEverybody(ctx.actor) ? undefined : (own ?? '');
  const page = { after: readCursor(query.cursor), limit: limit + 1 };
  const [[reach], rows] = await ctx.read((q) => [
    findReach(q, organizationId, callId ?? '', own),
    listBatches(q, organizationId, { callId, participantId, userId }, page),
  ]);
  if (callId !== undefined) requireReach(ctx, reach);
  return pageOf(
    rows.map(({ batch }) => batch),
    limit,
    ({ id }) => id,
  );
}

/** Figures and verdict of whom nobody measured anything of. */
const unmeasured = {
  summaries: { roundTripSeconds: null, send: NOTHING_MEASURED, receive: NOTHING_MEASURED },
  verdict: TOO_FEW,
};

function judge(observations: readonly Observation[]) {
  const [summaries, verdicts] = [summariesOf(observations), verdictsOf(observations)];
  return (identity: string) => ({
    summaries: summaries.get(identity) ?? unmeasured.summaries,
    verdict: verdicts.get(identity) ?? unmeasured.verdict,
  });
}

/** Before and after every call. */
const ALWAYS = { from: new Date(0), to: new Date('9999-01-01T00:00:00Z') };

/**
 * How a call was for each participant: figures in either direction, and why. For who was in it, services and
 * administrators.
 * @throws AppError `quality.call_not_found`
 */
export async function getCallQuality(ctx: Ctx, callId: string, { from, to }: CallQualityQuery) {
  const { organizationId } = ctx;
  const own = identityOf(ctx.actor);
  const everybody = seesEverybody(ctx.actor);
  // For a stranger nothing but that is read.
  const reach = everybody ? null : (own ?? '');
  const range = {
    from: from === undefined ? ALWAYS.from : new Date(from),
    to: to === undefined ? ALWAYS.to : new Date(to),
    budget: READ_BUDGET,
    reach,
  };
  const [[found], people, rows] = await ctx.read((q) => [
    findReach(q, organizationId, callId, own),
    listParticipants(q, organizationId, callId, reach),
    readMeasured(q, organizationId, callId, range),
  ]);
  requireReach(ctx, found);
  const identities = new Map(people.map(({ participantId, identity }) => [participantId, identity]));
  const observations = rows.flatMap(({ participantId, samples }) =>
    unpackSamples(samples).map(({ endMs, ...sample }): Observation => {
      return { identity: identities.get(participantId) ?? participantId, endMs, sample };
    }),
  );
  const judged = judge(
    observations.filter(({ endMs }) => endMs > range.from.getTime() && endMs <= range.to.getTime()),
  );
  return {
    callId,
    coverage: rows[0] ? rows.reduce((sum, { size }) => sum + size, 0) / rows[0].total : 1,
    participants: people.map((person) => ({
      ...person,
      ...judged(person.identity),
      feedback: everybody || person.identity === own ? person.feedback : null,
    })),
  };
}
export type CallQuality = Awaited<ReturnType<typeof getCallQuality>>;

/** How a test before a call went. Nothing of it is kept. */
export async function testBeforeCall(_ctx: Ctx, { samples }: PreCallTest) {
  const identity = 'self';
  return judge(
    samples.map(({ measuredAt, ...sample }) => ({ identity, endMs: Date.parse(measuredAt), sample })),
  )(identity);
}
export type PreCallResult = Awaited<ReturnType<typeof testBeforeCall>>;
