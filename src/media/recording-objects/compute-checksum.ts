import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors } from '../../kernel/core/index.ts';
import type { RecordingObject, RecordingStore } from './recording-objects.ports.ts';

/** Less than a subscriber has. */
const MOST_MS = 15_000;

/**
 * The SHA-256 of an object: as its storage reports it, or computed by reading the bytes.
 * @returns lower-case hex; null for an object that is too large, or takes too long, to be read for its checksum alone
 * @throws what `read` throws, and AppError `server.unavailable` when fewer bytes arrive than the object has
 */
export async function computeChecksum(
  { ports, clock, log }: Ctx,
  store: RecordingStore,
  key: string,
  { sizeBytes, checksum }: RecordingObject,
): Promise<string | null> {
  if (checksum !== null || sizeBytes > store.mostHashedBytes) return checksum;
  const hash = ports.createSha256();
  const untilMs = clock.now() + MOST_MS;
  for (let offset = 0; offset < sizeBytes;) {
    const length = Math.min(store.pieceBytes, sizeBytes - offset);
    const end = offset + length;
    for await (const chunk of await store.read(key, { offset, length })) {
      if (clock.now() >= untilMs) {
        log.warn('recordings.checksum_too_slow', { key, sizeBytes, offset });
        return null;
      }
      hash.update(chunk);
      offset += chunk.length;
    }
    if (offset !== end) throw serverErrors.unavailable({ detail: `the storage sent other bytes than asked` });
  }
  return hash.digest();
}
