import type { Ctx } from '../../platform/context/index.ts';
import { type Clock, requestErrors } from '../../platform/core/index.ts';
import { type Database, systemScope } from '../../platform/db/index.ts';
import { identityOf } from '../rooms/index.ts';
import { packSamples } from './packing.rules.ts';
import { qualityErrors } from './quality.errors.ts';
import {
  deleteBatches,
  findBatch,
  findSpeaker,
  insertBatch,
  putTotals,
  type SampleBatch,
  type WhoInCall,
} from './quality.queries.ts';
import { countBytes, requireSpace, speaksFor, usableSamples } from './quality.rules.ts';
import type { KeepSamples } from './quality.schemas.ts';

type Speaker = Awaited<ReturnType<typeof findSpeaker>>[number];

/** Whom the caller speaks of: people and guests of themselves, a service of whom it names. @throws AppError `request.invalid` */
export function whoIsMeant(ctx: Ctx, callId: string, participantId: string | undefined): WhoInCall {
  const identity = identityOf(ctx.actor) ?? undefined;
  if (identity === undefined && participantId === undefined)
    throw requestErrors.invalid({
      errors: [{ pointer: '/participantId', message: 'must say for whom the service speaks' }],
    });
  return { callId, participantId, identity };
}

/** @throws AppError `quality.call_not_found`, also for somebody else's participant */
export function requireSpeaker(ctx: Ctx, speaker: Speaker | undefined): Speaker {
  if (!speaker || !speaksFor(ctx.actor, speaker)) throw qualityErrors.callNotFound();
  return speaker;
}

/** The row of a batch and what the totals come to with it. @throws AppError `quality.*` */
function decide(ctx: Ctx, input: KeepSamples, { participantId, totals, ...speaker }: Speaker) {
  const nowMs = ctx.clock.now();
  const now = new Date(nowMs);
  const span = {
    createdMs: speaker.callCreatedAt.getTime(),
    endedMs: speaker.callEndedAt?.getTime() ?? null,
  };
  const kept = usableSamples(input, span, nowMs);
  if (kept.length === 0) throw qualityErrors.samplesOutdated();
  const packed = packSamples(kept);
  const size = JSON.stringify(packed).length;
  requireSpace(totals, size);
  const counted = countBytes(input, totals, span, nowMs);
  const { organizationId } = ctx;
  const { callId, connection, sequence } = input;
  const row: SampleBatch = {
    id: ctx.ids.create('sample'),
    organizationId,
    callId,
    participantId,
    connection,
    sequence,
    startedAt: new Date(Math.min(...kept.map(({ endMs, windowSeconds }) => endMs - windowSeconds * 1000))),
    endedAt: new Date(kept.at(-1)!.endMs),
    dropped: input.samples.length - kept.length,
    bytesSent: counted.sentBytes,
    bytesReceived: counted.receivedBytes,
    size,
    samples: packed,
    createdAt: now,
  };
  const sums = {
    organizationId,
    callId,
    participantId,
    batches: (totals?.batches ?? 0) + 1,
    size: (totals?.size ?? 0) + size,
    bytesSent: (totals?.bytesSent ?? 0) + counted.sentBytes,
    bytesReceived: (totals?.bytesReceived ?? 0) + counted.receivedBytes,
    marks: counted.marks,
    updatedAt: now,
    version: (totals?.version ?? 0) + 1,
  };
  return { row, sums };
}

/**
 * Keeps what a client measured. People and guests tell of themselves, services of whom they name. The same batch, by its
 * connection and number, is kept once and answered alike however often it comes.
 * @throws AppError `quality.call_not_found`, `quality.samples_outdated`, `quality.samples_exhausted`, `request.invalid`,
 *   or `request.stale` when another batch of the participant came at the same moment: again is safe
 */
export async function keepSamples(ctx: Ctx, input: KeepSamples): Promise<SampleBatch> {
  const { organizationId } = ctx;
  const who = whoIsMeant(ctx, input.callId, input.participantId);
  const [[found], [before]] = await ctx.read((q) => [
    findSpeaker(q, organizationId, who),
    findBatch(q, organizationId, who, input.connection, input.sequence),
  ]);
  const speaker = requireSpeaker(ctx, found);
  if (before) return before.batch;
  const { row, sums } = decide(ctx, input, speaker);
  return ctx.commit({
    write: (q) => [putTotals(q, sums, speaker.totals), insertBatch(q, row)],
    conflicts: { quality_samples_batch_key: requestErrors.stale },
    result: row,
  });
}

/** Samples are kept so long; what they come to stays with the call. */
const KEPT_MS = 90 * 86_400_000;
/** Of a busy installation a day's batches go within a day of quarters of an hour. */
const BATCH = 20_000;

/** Forgets samples that are older than 90 days. */
export async function sweepSamples({ database, clock }: { database: Database; clock: Clock }): Promise<void> {
  await database.commit(systemScope, (q) => [deleteBatches(q, new Date(clock.now() - KEPT_MS), BATCH)]);
}
