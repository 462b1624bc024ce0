import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor, requestErrors } from '../../kernel/core/index.ts';
import { identityOf } from '../../rooms/access/index.ts';
import {
  EMPTY_SUMMARY,
  type Observation,
  summariesOf,
  TOO_FEW_SAMPLES_VERDICT,
  decideVerdicts,
} from '../verdicts/index.ts';
import { unpackSamples } from './sample-packing.rules.ts';
import { qualityErrors } from './quality.errors.ts';
import {
  selectCallAccess,
  selectBatches,
  selectParticipants,
  selectMeasuredSamples,
  type SampleBatchRow,
} from './quality.queries.ts';
import { READ_BUDGET_CHARACTERS, seesAllParticipants } from './quality.rules.ts';
import type { CallQualityQuery, ListSamplesQuery, PreCallTestInput } from './quality.schemas.ts';

type CallAccess = Awaited<ReturnType<typeof selectCallAccess>>[number];

/** @throws AppError `quality.call_not_found`, also for a caller who did not take part in the call */
function requireCallAccess(ctx: Ctx, access: CallAccess | undefined): void {
  if (!access || !(access.participantId || seesAllParticipants(ctx.actor)))
    throw qualityErrors.callNotFound();
}

/**
 * Lists stored samples in the order in which they were received: all for API keys and administrators, else the caller's own.
 * @throws AppError `quality.call_not_found` for a call that the caller did not take part in
 */
export async function listSamples(ctx: Ctx, query: ListSamplesQuery): Promise<Page<SampleBatchRow>> {
  const { organizationId } = ctx;
  const { callId, participantId, limit } = query;
  const own = identityOf(ctx.actor);
  const userId = seesAllParticipants(ctx.actor) ? undefined : (own ?? '');
  const page = { after: readCursor(query.cursor), limit };
  const [[access], rows] = await ctx.read((q) => [
    selectCallAccess(q, organizationId, callId ?? '', own),
    selectBatches(q, organizationId, { callId, participantId, userId }, page),
  ]);
  if (callId !== undefined) requireCallAccess(ctx, access);
  return pageOf(
    rows.map(({ batch }) => batch),
    limit,
    ({ id }) => id,
  );
}

/** The result for a participant without samples. */
const unmeasured = {
  summaries: { roundTripSeconds: null, send: EMPTY_SUMMARY, receive: EMPTY_SUMMARY },
  verdict: TOO_FEW_SAMPLES_VERDICT,
};

function createAssessor(observations: readonly Observation[]) {
  const [summaries, verdicts] = [summariesOf(observations), decideVerdicts(observations)];
  return (identity: string) => ({
    summaries: summaries.get(identity) ?? unmeasured.summaries,
    verdict: verdicts.get(identity) ?? unmeasured.verdict,
  });
}

/** Longer than every call. */
const FULL_RANGE = { from: new Date(0), to: new Date('9999-01-01T00:00:00Z') };

/** The stored samples of a call with the identity that reported them. */
function toObservations(
  people: readonly { participantId: string; identity: string }[],
  rows: readonly Pick<SampleBatchRow, 'participantId' | 'samples'>[],
): Observation[] {
  const identities = new Map(people.map(({ participantId, identity }) => [participantId, identity]));
  return rows.flatMap(({ participantId, samples }) =>
    unpackSamples(samples).map(({ endMs, ...sample }): Observation => {
      return { identity: identities.get(participantId) ?? participantId, endMs, sample };
    }),
  );
}

/**
 * The measurements of a call of the organization, for figures that the system keeps. A large call is sampled at even
 * intervals, as in a response to a caller.
 */
export async function readObservations(ctx: Ctx, callId: string): Promise<Observation[]> {
  const { organizationId } = ctx;
  const range = { ...FULL_RANGE, budget: READ_BUDGET_CHARACTERS, viewer: null };
  const [people, rows] = await ctx.read((q) => [
    selectParticipants(q, organizationId, callId, null),
    selectMeasuredSamples(q, organizationId, callId, range),
  ]);
  return toObservations(people, rows);
}

/**
 * The quality of a call for each participant: figures in either direction, and why. For participants of the call, API keys
 * and administrators.
 * @throws AppError `quality.call_not_found`
 */
export async function getCallQuality(ctx: Ctx, callId: string, { from, to }: CallQualityQuery) {
  const { organizationId } = ctx;
  const own = identityOf(ctx.actor);
  const seesAll = seesAllParticipants(ctx.actor);
  // The queries read nothing for a caller who did not take part.
  const viewer = seesAll ? null : (own ?? '');
  const range = {
    from: from === undefined ? FULL_RANGE.from : new Date(from),
    to: to === undefined ? FULL_RANGE.to : new Date(to),
    budget: READ_BUDGET_CHARACTERS,
    viewer,
  };
  const [[access], people, rows] = await ctx.read((q) => [
    selectCallAccess(q, organizationId, callId, own),
    selectParticipants(q, organizationId, callId, viewer),
    selectMeasuredSamples(q, organizationId, callId, range),
  ]);
  requireCallAccess(ctx, access);
  const observations = toObservations(people, rows);
  const assess = createAssessor(
    observations.filter(({ endMs }) => endMs > range.from.getTime() && endMs <= range.to.getTime()),
  );
  return {
    callId,
    coverage: rows[0] ? rows.reduce((sum, { size }) => sum + size, 0) / rows[0].total : 1,
    participants: people.map((person) => ({
      ...person,
      ...assess(person.identity),
      feedback: seesAll || person.identity === own ? person.feedback : null,
    })),
  };
}
export type CallQuality = Awaited<ReturnType<typeof getCallQuality>>;

/** Assesses a test before a call. Stores nothing. @throws AppError `request.invalid` when no sample can be read */
export async function assessPreCallTest(_ctx: Ctx, { samples }: PreCallTestInput) {
  const identity = 'self';
  const readableSamples = samples.filter((sample) => sample !== null);
  if (readableSamples.length === 0)
    throw requestErrors.invalid({
      errors: [{ pointer: '/samples', message: 'must have a sample whose values are within their bounds' }],
    });
  return createAssessor(
    readableSamples.map(({ measuredAt, ...sample }) => ({ identity, endMs: Date.parse(measuredAt), sample })),
  )(identity);
}
export type PreCallResult = Awaited<ReturnType<typeof assessPreCallTest>>;
