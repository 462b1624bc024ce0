import type { Ctx } from '../../kernel/context/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { CompressionTools } from './advance-compression.ts';
import type { CompressionToAdvance } from '../file-compressions/index.ts';
import { CopyParts } from './copy-parts.ts';
import type { CompressionKeys } from './subject.ts';

const OBJECTS = 'objects';

/** Afterwards no download of bytes that were replaced is under way. */
const HOUR_MS = 3_600_000;
const RETRY_MS = 30_000;

/** Stores where the compression's bytes are: its row may be erased with its file. */
export function rememberObjects(storage: KeyValueStorage, objects: CompressionKeys): void {
  if (storage.get(OBJECTS) === undefined) storage.put(OBJECTS, objects);
}

async function endTask(ctx: Ctx, compressionId: string): Promise<boolean> {
  try {
    await ctx.ports.compressionTasks?.end(compressionId);
    return true;
  } catch (error) {
    ctx.log.warn('compression.task_not_ended', { compressionId, error });
    return false;
  }
}

/** Deletes a copy that replaced nothing, and the bytes of a file that is erased. */
async function deleteLeftOvers(
  ctx: Ctx,
  isErased: boolean,
  { storage, store }: CompressionTools,
): Promise<void> {
  const objects = storage.get(OBJECTS) as CompressionKeys | undefined;
  if (!objects) return;
  const { sourceKey, copyKey } = objects;
  await new CopyParts(storage, store, copyKey).discard();
  await ctx.ports.objects.delete(isErased ? [copyKey, sourceKey] : [copyKey]);
}

/**
 * Cleans up after a compression that is over: its task, a copy that replaced nothing, and an hour later the replaced
 * bytes. Nothing of an erased file stays. A task that cannot be ended for an hour is left to the service, which drops
 * it.
 * @param row undefined when the compression went with its file
 * @returns after how many milliseconds it is to run again; null when nothing is left
 */
export async function cleanUp(
  ctx: Ctx,
  compressionId: string,
  row: CompressionToAdvance | undefined,
  tools: CompressionTools,
): Promise<number | null> {
  const isReady = row?.compression.state === 'ready';
  if (!isReady) await deleteLeftOvers(ctx, !row, tools);
  const hasEnded = await endTask(ctx, compressionId);
  if (!row) return null;
  const leftMs = row.compression.endedAt!.getTime() + HOUR_MS - ctx.clock.now();
  if (leftMs > 0 && !hasEnded) return RETRY_MS;
  if (!isReady) return null;
  if (leftMs > 0) return leftMs;
  const { sourceKey } = tools.storage.get(OBJECTS) as CompressionKeys;
  await ctx.ports.objects.delete([sourceKey]);
  return null;
}
