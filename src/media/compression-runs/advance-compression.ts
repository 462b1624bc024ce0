import type { Ctx } from '../../kernel/context/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import {
  type CompressedCopy,
  type CompressionTasks,
  MediaRefused,
  type TaskState,
} from '../compression/index.ts';
import {
  cancelReasonOf,
  changeCompression,
  type FileCompression,
  followTask,
  isOver,
  type CompressionToAdvance,
  selectCompressionToAdvance,
} from '../file-compressions/index.ts';
import { cleanUp, rememberObjects } from './clean-up.ts';
import { CopyParts, type CopyStore } from './copy-parts.ts';
import { fetchCopy } from './fetch-copy.ts';
import { sendSource } from './send-source.ts';
import { checksumOf, endRun, keysOf } from './subject.ts';

/** What a compression needs besides the services of the product. */
export interface CompressionTools {
  storage: KeyValueStorage;
  store: CopyStore;
  /** Size of the parts of a copy in object storage. */
  partBytes: number;
}

/** How long bytes are carried before a check whether the compression may still continue. */
const SLICE_MS = 20_000;
/** How often a task is asked for. */
const POLL_MS = { video: 10_000, image: 2_000 };
/** How often the service is asked to begin: a content that ends the service each time is given up. */
const MAX_ATTEMPTS = 5;
/** How long a compression may make no progress because the service is away or has too much to do. */
export const QUIET_MS = 24 * 3_600_000;
/** How often it is stored that a compression has come further. */
const PROGRESS_STEP = 5;

const pollMs = ({ settings }: FileCompression) => POLL_MS[settings.kind];

async function commitProgress(
  ctx: Ctx,
  compression: FileCompression,
  set: Partial<Pick<FileCompression, 'state' | 'progress' | 'attempts'>>,
): Promise<void> {
  await ctx.commit({
    write: (q) => [changeCompression(q, compression, { ...set, updatedAt: new Date(ctx.clock.now()) })],
    result: undefined,
  });
}

/** Sends the source, and starts the task once all of it has arrived. */
async function begin(ctx: Ctx, service: CompressionTasks, row: CompressionToAdvance): Promise<number> {
  const { compression } = row;
  if (compression.attempts >= MAX_ATTEMPTS) {
    await endRun(ctx, row, { state: 'failed', reason: 'given_up' });
    return 0;
  }
  if (!(await sendSource(ctx, service, row, ctx.clock.now() + SLICE_MS))) return 0;
  const { id: taskId, settings, organizationId } = compression;
  await service.start({ taskId, settings, checksum: checksumOf(row), organizationId });
  // Afterwards: a service that is full does not count as an attempt.
  const state = compression.state === 'requested' ? 'running' : compression.state;
  await commitProgress(ctx, compression, {
    state,
    attempts: compression.attempts + 1,
    progress: Math.max(compression.progress, 5),
  });
  return pollMs(compression);
}

async function follow(
  ctx: Ctx,
  compression: FileCompression,
  task: Extract<TaskState, { kind: 'running' }>,
): Promise<number> {
  const next = followTask(compression, task);
  if (next.state !== compression.state || next.progress >= compression.progress + PROGRESS_STEP)
    await commitProgress(ctx, compression, next);
  return pollMs(compression);
}

/** Ends a compression that failed for ever, and has the task begun once more where the failure may pass. */
async function endFailed(
  ctx: Ctx,
  service: CompressionTasks,
  row: CompressionToAdvance,
  { failure, detail }: Extract<TaskState, { kind: 'failed' }>,
): Promise<number> {
  const { compression } = row;
  if (failure === 'refused' || failure === 'too_long') {
    await endRun(ctx, row, { state: 'failed', reason: failure, detail });
    return 0;
  }
  ctx.log.warn('compression.task_failed', { compressionId: compression.id, failure, detail });
  await service.end(compression.id);
  return pollMs(compression);
}

interface EndedTask {
  copy: CompressedCopy;
  figures: NonNullable<FileCompression['figures']>;
}

/** Replaces the source by the copy, once that is in object storage. */
async function replaceSource(
  ctx: Ctx,
  service: CompressionTasks,
  row: CompressionToAdvance,
  { copy, figures }: EndedTask,
  { storage, store, partBytes }: CompressionTools,
): Promise<number> {
  const { id: compressionId } = row.compression;
  const { copyKey } = keysOf(row);
  const parts = new CopyParts(storage, store, copyKey);
  const slice = { compressionId, copy, parts, partBytes };
  if (!(await fetchCopy(ctx, service, slice, ctx.clock.now() + SLICE_MS))) return 0;
  const stored = await ctx.ports.objects.head(copyKey);
  if (stored?.sizeBytes !== copy.sizeBytes) {
    await parts.discard();
    throw new Error(`the copy of ${compressionId} is not in object storage`);
  }
  const { sizeBytes: copyBytes, contentType: copyType } = copy;
  const end = { state: 'ready', reason: null, figures, copyBytes, copyType } as const;
  await endRun(ctx, row, end, { ...copy, etag: stored.etag });
  return 0;
}

async function advanceOpen(ctx: Ctx, row: CompressionToAdvance, tools: CompressionTools): Promise<number> {
  const { compression } = row;
  const service = ctx.ports.compressionTasks;
  const nowMs = ctx.clock.now();
  const cancelled = cancelReasonOf(row, nowMs);
  if (cancelled) {
    await endRun(ctx, row, { state: 'cancelled', reason: cancelled });
    return 0;
  }
  if (nowMs - compression.updatedAt.getTime() >= QUIET_MS) {
    await endRun(ctx, row, { state: 'failed', reason: 'service_unavailable' });
    return 0;
  }
  if (!service) return 60_000;
  const task = await service.find(compression.id);
  if (!task) return begin(ctx, service, row);
  if (task.kind === 'running') return follow(ctx, compression, task);
  if (task.kind === 'failed') return endFailed(ctx, service, row, task);
  if (task.kind === 'compressed') return replaceSource(ctx, service, row, task, tools);
  const { reason, detail, figures } = task;
  await endRun(ctx, row, { state: 'kept', reason, detail, figures });
  return 0;
}

/**
 * Advances a compression as far as possible now, from its row, its file and the service: sends the source, starts and
 * follows the task, fetches the copy, replaces the source, and cleans up. It may run at any time and end at any step.
 * @returns after how many milliseconds it is to run again; null when nothing is left to do
 * @throws what object storage and the service fail with, `request.stale`
 */
export async function advanceCompression(
  ctx: Ctx,
  compressionId: string,
  tools: CompressionTools,
): Promise<number | null> {
  const [[row]] = await ctx.read((q) => [selectCompressionToAdvance(q, ctx.organizationId, compressionId)]);
  if (row) rememberObjects(tools.storage, keysOf(row));
  if (!row || isOver(row.compression)) return cleanUp(ctx, compressionId, row, tools);
  try {
    return await advanceOpen(ctx, row, tools);
  } catch (error) {
    if (!(error instanceof MediaRefused)) throw error;
    await endRun(ctx, row, { state: 'failed', reason: 'refused', detail: error.message });
    return 0;
  }
}
