import type { Ctx } from '../../kernel/context/index.ts';
import { type Clock, requestErrors } from '../../kernel/core/index.ts';
import { type Database, systemScope } from '../../kernel/db/index.ts';
import { identityOf } from '../../rooms/access/index.ts';
import { networkFigures, nextNetworkMark } from '../network-changes/index.ts';
import { qualityReported } from './quality.events.ts';
import { packSamples } from './sample-packing.rules.ts';
import { qualityErrors } from './quality.errors.ts';
import {
  deleteOldBatches,
  selectBatch,
  selectReportedParticipant,
  insertBatch,
  upsertTotals,
  type SampleBatchRow,
  type ParticipantRef,
} from './quality.queries.ts';
import { countBytes, requireStorageSpace, mayReportFor, usableSamples } from './quality.rules.ts';
import type { SampleBatchInput } from './quality.schemas.ts';

type ReportedParticipant = Awaited<ReturnType<typeof selectReportedParticipant>>[number];

/** The participant that the caller reports for: members and guests themselves, an API key the one it names. @throws AppError `request.invalid` */
export function resolveParticipantRef(
  ctx: Ctx,
  callId: string,
  participantId: string | undefined,
): ParticipantRef {
  const identity = identityOf(ctx.actor) ?? undefined;
  if (identity === undefined && participantId === undefined)
    throw requestErrors.invalid({
      errors: [{ pointer: '/participantId', message: 'is required with an API key' }],
    });
  return { callId, participantId, identity };
}

/** @throws AppError `quality.call_not_found`, also for another member's participant */
export function requireReportedParticipant(
  ctx: Ctx,
  participant: ReportedParticipant | undefined,
): ReportedParticipant {
  if (!participant || !mayReportFor(ctx.actor, participant)) throw qualityErrors.callNotFound();
  return participant;
}

/** The row of a batch, and the totals with it. @throws AppError `quality.*` */
function planBatch(
  ctx: Ctx,
  input: SampleBatchInput,
  { participantId, totals, ...reported }: ReportedParticipant,
) {
  const nowMs = ctx.clock.now();
  const now = new Date(nowMs);
  const span = {
    createdMs: reported.callCreatedAt.getTime(),
    endedMs: reported.callEndedAt?.getTime() ?? null,
  };
  const usable = usableSamples(input, span, nowMs);
  if (usable.length === 0) throw qualityErrors.samplesOutdated();
  const packed = packSamples(usable);
  const size = JSON.stringify(packed).length;
  requireStorageSpace(totals, size);
  const counted = countBytes(input, totals, span, nowMs);
  const { organizationId } = ctx;
  const { callId, connection, sequence } = input;
  const { mark: network, isReported } = nextNetworkMark(
    totals?.network ?? null,
    networkFigures(usable),
    nowMs,
  );
  const row: SampleBatchRow = {
    id: ctx.ids.create('sample'),
    organizationId,
    callId,
    participantId,
    connection,
    sequence,
    startedAt: new Date(Math.min(...usable.map(({ endMs, windowSeconds }) => endMs - windowSeconds * 1000))),
    endedAt: new Date(usable.at(-1)!.endMs),
    dropped: input.samples.length - usable.length,
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
    network,
    updatedAt: now,
    version: (totals?.version ?? 0) + 1,
  };
  return { row, sums, isReported };
}

const reportedNetwork = (
  { roomId, identity, userId }: ReportedParticipant,
  { callId, participantId }: SampleBatchRow,
) => qualityReported.of({ roomId, callId, participantId, identity, userId });

/**
 * Stores samples that a client measured. Members and guests report for themselves, API keys for the participant they name. A
 * batch that was stored before, by its connection and number, gets the first answer again.
 * @throws AppError `quality.call_not_found`, `quality.samples_outdated`, `quality.samples_exhausted`, `request.invalid`,
 *   or `request.stale` when another batch of the participant was stored at the same moment: retrying is safe
 */
export async function storeSamples(ctx: Ctx, input: SampleBatchInput): Promise<SampleBatchRow> {
  const { organizationId } = ctx;
  const participantRef = resolveParticipantRef(ctx, input.callId, input.participantId);
  const [[found], [existing]] = await ctx.read((q) => [
    selectReportedParticipant(q, organizationId, participantRef),
    selectBatch(q, organizationId, participantRef, input.connection, input.sequence),
  ]);
  const participant = requireReportedParticipant(ctx, found);
  if (existing) return existing.batch;
  const { row, sums, isReported } = planBatch(ctx, input, participant);
  return ctx.commit({
    write: (q) => [upsertTotals(q, sums, participant.totals), insertBatch(q, row)],
    events: isReported ? [reportedNetwork(participant, row)] : [],
    conflicts: { quality_samples_batch_key: requestErrors.stale },
    result: row,
  });
}

/** Samples are deleted after this; totals and feedback stay with the call. */
const RETENTION_MS = 90 * 86_400_000;
/** In one run of the scheduled task: nearly two million a day. */
const MAX_DELETED_BATCHES = 20_000;

/** Scheduled: deletes samples that are older than 90 days. */
export async function deleteExpiredSamples({
  database,
  clock,
}: {
  database: Database;
  clock: Clock;
}): Promise<void> {
  await database.commit(systemScope, (q) => [
    deleteOldBatches(q, new Date(clock.now() - RETENTION_MS), MAX_DELETED_BATCHES),
  ]);
}
