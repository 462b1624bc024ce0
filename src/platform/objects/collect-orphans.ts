import type { ObjectInfo, ObjectStore } from './objects.ports.ts';
import { readText } from './object-streams.ts';

const MAX_OBJECTS = 1_000;
/** Younger objects are left alone. */
export const ORPHAN_AGE_MS = 86_400_000;

export interface OrphanSearch {
  /** Prefix of the keys: `files/`. */
  prefix: string;
  /** The key of the object that says where the last run ended. */
  cursorKey: string;
  nowMs: number;
  /** Those of the keys that no row names. */
  findOrphans(keys: readonly string[]): Promise<string[]>;
}

async function readCursor(objects: ObjectStore, key: string): Promise<string> {
  const cursor = await objects.get(key);
  return cursor ? readText(cursor.body) : '';
}

/**
 * Deletes objects that no row names, older than a day. Each run looks at the 1,000 objects after those of the run before, and begins
 * again after the last one. What a run could not delete waits for the next round.
 * @throws what object storage fails with: the run counts as failed, which operators see
 */
export async function collectOrphanObjects(
  objects: ObjectStore,
  { prefix, cursorKey, nowMs, findOrphans }: OrphanSearch,
): Promise<{ deleted: number }> {
  const page = await objects.list(prefix, {
    after: await readCursor(objects, cursorKey),
    limit: MAX_OBJECTS,
  });
  const isOld = ({ uploadedAt }: ObjectInfo) => uploadedAt.getTime() <= nowMs - ORPHAN_AGE_MS;
  const old = page.objects.filter(isOld).map(({ key }) => key);
  const orphans = old.length > 0 ? await findOrphans(old) : [];
  const [deletion] = await Promise.allSettled([orphans.length > 0 ? objects.delete(orphans) : undefined]);
  // Also after a failure: an object that can never be deleted holds back no other.
  await objects.put(cursorKey, page.nextAfter ?? '', { contentType: 'text/plain' });
  if (deletion.status === 'rejected') throw deletion.reason;
  return { deleted: orphans.length };
}
