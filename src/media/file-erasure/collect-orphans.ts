import { type Services, systemScope } from '../../kernel/context/index.ts';
import { readText } from '../../platform/objects/index.ts';
import { keysOf, selectExisting } from '../files/index.ts';

const PREFIX = 'files/';
const MAX_OBJECTS = 1_000;
/** Younger objects are left alone. */
const MIN_AGE_MS = 86_400_000;

/** Where the last run ended: the key of an object; empty at the beginning. */
const CURSOR_KEY = 'cursors/files.collect_orphans';

async function readCursor({ ports: { objects } }: Services): Promise<string> {
  const cursor = await objects.get(CURSOR_KEY);
  return cursor ? readText(cursor.body) : '';
}

/**
 * Those of the keys that no row names: of a file that is gone, and bytes that a copy has replaced. A file that changed a moment ago
 * keeps all of its bytes, because downloads of the replaced ones may be under way.
 */
async function findOrphans({ database, clock }: Services, keys: readonly string[]): Promise<string[]> {
  const idOf = (key: string) => key.split('/').at(-1)!.split('.')[0]!;
  if (keys.length === 0) return [];
  const [rows] = await database.read(systemScope, (q) => [selectExisting(q, keys.map(idOf))]);
  const existing = new Map(rows.map((row) => [row.id, row]));
  return keys.filter((key) => {
    const file = existing.get(idOf(key));
    if (!file) return true;
    const isSettled = file.updatedAt.getTime() <= clock.now() - MIN_AGE_MS;
    return isSettled && !keysOf(file).includes(key);
  });
}

/**
 * Scheduled every five minutes: deletes bytes whose row is gone, because it went with its owner or its organization, or because a
 * failure came between the two. Each run looks at the 1,000 objects after those of the run before, and begins again after the last
 * one. What a run could not delete waits for the next round.
 * @throws what object storage fails with: the run counts as failed, which operators see
 */
export async function collectOrphans(services: Services): Promise<{ deleted: number }> {
  const { objects } = services.ports;
  const page = await objects.list(PREFIX, { after: await readCursor(services), limit: MAX_OBJECTS });
  const isOld = (uploadedAt: Date) => uploadedAt.getTime() <= services.clock.now() - MIN_AGE_MS;
  const old = page.objects.filter(({ uploadedAt }) => isOld(uploadedAt));
  const orphans = await findOrphans(
    services,
    old.map(({ key }) => key),
  );
  const [deletion] = await Promise.allSettled([orphans.length > 0 ? objects.delete(orphans) : undefined]);
  // Also after a failure: an object that can never be deleted holds back no other.
  await objects.put(CURSOR_KEY, page.nextAfter ?? '', { contentType: 'text/plain' });
  if (deletion.status === 'rejected') throw deletion.reason;
  return { deleted: orphans.length };
}
