import type { ClusterStream, StreamerApi } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { openForRecorder } from '../buckets/index.ts';
import { CLAIM_MS } from '../cluster-rows/index.ts';
import { beginEgress, type EgressDriver, type EgressStep, followEgress } from '../egress/index.ts';
import {
  endTarget,
  findRefused,
  isTargetOver,
  openAddresses,
  type TargetAddress,
} from '../stream-targets/index.ts';
import { streamBegun } from './streams.events.ts';
import { changeStream, type StreamToAdvance } from './streams.queries.ts';
import { changeByReport, isRunning, moveTo, streamIdsIn } from './streams.rules.ts';
import type { Stream } from './streams.tables.ts';

/** The stream as the cluster lists it: by its id there, or by the one in its layout when the answer to its start was lost. */
async function findReport(
  api: StreamerApi,
  { id, callId, egress }: Stream,
): Promise<ClusterStream | undefined> {
  const all = await api.list(callId);
  return all.find((each) => each.egressId === egress || streamIdsIn(each).includes(id));
}

/** Reserves the next seconds for one start. @returns the row as it is then @throws AppError `request.stale` */
async function claim(ctx: Ctx, stream: Stream): Promise<Stream> {
  const set = { begunAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeStream(q, stream, set)],
    // When no recorder is free, or the answer is lost, the next run decides.
    events: [streamBegun.of({ streamId: stream.id }, { availableAtMs: ctx.clock.now() + CLAIM_MS })],
    result: { ...stream, ...set, version: stream.version + 1 },
  });
}

/** All that is needed to run a stream at its cluster. */
export interface StreamRun extends Pick<StreamToAdvance, 'stream' | 'bucket'> {
  api: StreamerApi;
  /** Addresses of the targets that are not over. */
  addresses: readonly TargetAddress[];
}

async function start(ctx: Ctx, { api, addresses, bucket }: StreamRun, stream: Stream) {
  const { id: label, callId: room, layout, segmentFolder: folder, segmentSeconds } = stream;
  const live = new Set(stream.targets.flatMap((each) => (isTargetOver(each) ? [] : [each.id])));
  return api.start({
    room,
    layout,
    label,
    urls: addresses.filter(({ id }) => live.has(id)).map(({ address }) => address),
    segments:
      folder === null
        ? null
        : { folder, segmentSeconds: segmentSeconds!, bucket: await openForRecorder(ctx, bucket!, folder) },
  });
}

const createDriver = (ctx: Ctx, run: StreamRun): EgressDriver<Stream, ClusterStream> => ({
  find: () => findReport(run.api, run.stream),
  claim: () => claim(ctx, run.stream),
  start: (stream) => start(ctx, run, stream),
  stop: (egressId) => run.api.stop(egressId),
  changeByReport: (stream, report) => changeByReport(stream, report, run.addresses, ctx.clock.now()),
  changeByEnd: (stream, { state, reason }) => moveTo(stream, state, reason, ctx.clock.now()),
});

/** The stream without the targets that were removed, refused or cannot be read before it began. */
async function withoutUnfitTargets(ctx: Ctx, { stream, addresses }: StreamRun): Promise<Stream> {
  const nowMs = ctx.clock.now();
  const refused = await findRefused(ctx, addresses);
  const readable = new Set(addresses.map(({ id }) => id));
  const targets = stream.targets.map((target) => {
    if (isTargetOver(target)) return target;
    if (target.removeRequestedAt) return endTarget(target, 'ended', 'removed', nowMs);
    const isUnfit = refused.has(target.id) || !readable.has(target.id);
    return isUnfit ? endTarget(target, 'failed', 'address_refused', nowMs) : target;
  });
  return { ...stream, targets };
}

/**
 * Begins a requested stream.
 * @returns what changed, the targets included that may not be sent to @throws what `beginEgress` throws,
 * `outgoing.resolver_unavailable`
 */
export async function beginStream(ctx: Ctx, run: StreamRun): Promise<EgressStep<Stream>> {
  const nowMs = ctx.clock.now();
  const stream = await withoutUnfitTargets(ctx, run);
  const { segmentFolder, targets } = stream;
  const obstacleReason =
    segmentFolder !== null && !run.bucket
      ? 'bucket_removed'
      : segmentFolder === null && targets.every(isTargetOver)
        ? 'no_target'
        : null;
  const obstacle = obstacleReason && moveTo(stream, 'failed', obstacleReason, nowMs);
  const { row, change } = await beginEgress<Stream, ClusterStream>(
    createDriver(ctx, { ...run, stream }),
    stream,
    { nowMs, obstacle },
  );
  // What the row has of its targets is not stored yet.
  const isSame = JSON.stringify(targets) === JSON.stringify(run.stream.targets);
  return { row, change: isSame ? change : { targets, ...change } };
}

/** Follows a stream that has begun, and stops it if it was asked to. @throws AppError of the cluster */
export const followStream = (ctx: Ctx, run: StreamRun): Promise<Partial<Stream>> =>
  followEgress<Stream, ClusterStream>(createDriver(ctx, run), run.stream, {
    nowMs: ctx.clock.now(),
    mayRun: isRunning(run.stream.state),
  });

/** Opens what is needed to run a stream. */
export const openRun = async (ctx: Ctx, { stream, bucket }: StreamToAdvance): Promise<StreamRun> => ({
  stream,
  bucket,
  api: ctx.ports.clusters.streamers(stream.cluster, ctx.trace),
  addresses: await openAddresses(ctx, stream.targets),
});
