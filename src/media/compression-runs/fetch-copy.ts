import type { Ctx } from '../../kernel/context/index.ts';
import type { CompressedCopy, CompressionTasks } from '../compression/index.ts';
import type { CopyParts } from './copy-parts.ts';

/** Parts of an object in object storage; one is in memory at a time. */
export const PART_BYTES = 8 * 1024 * 1024;

/**
 * Fetches parts of the copy into object storage until it is there, or the time is over.
 * @returns whether it is there, whole
 * @throws what object storage and the service fail with
 */
export async function fetchCopy(
  { ports: { objects }, clock }: Ctx,
  service: CompressionTasks,
  {
    compressionId,
    copy,
    parts,
    partBytes,
  }: { compressionId: string; copy: CompressedCopy; parts: CopyParts; partBytes: number },
  untilMs: number,
): Promise<boolean> {
  const { sizeBytes } = copy;
  let offset = (await parts.count(copy)) * partBytes;
  if (parts.isStored(copy)) return true;
  const readNext = (length: number) => service.readCopy(compressionId, { offset, length });
  if (sizeBytes <= partBytes) {
    await parts.putWhole(copy, await readNext(sizeBytes));
    return true;
  }
  while (offset < sizeBytes) {
    if (clock.now() >= untilMs) return false;
    const length = Math.min(partBytes, sizeBytes - offset);
    await parts.add(copy, await readNext(length));
    offset += length;
  }
  await parts.complete(copy, async (key) => (await objects.head(key))?.sizeBytes ?? null);
  return true;
}
