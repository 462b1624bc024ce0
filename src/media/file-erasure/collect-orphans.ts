import { type Services, systemScope } from '../../kernel/context/index.ts';
import { collectOrphanObjects, ORPHAN_AGE_MS } from '../../platform/objects/index.ts';
import { keysOf, selectExisting } from '../files/index.ts';

/**
 * The keys that no row names: of files that are gone, and of bytes that a copy has replaced. A file that changed a moment ago
 * keeps all of its bytes, because downloads of the replaced ones may be under way.
 */
async function findOrphans({ database, clock }: Services, keys: readonly string[]): Promise<string[]> {
  const idOf = (key: string) => key.split('/').at(-1)!.split('.')[0]!;
  const [rows] = await database.read(systemScope, (q) => [selectExisting(q, keys.map(idOf))]);
  const existing = new Map(rows.map((row) => [row.id, row]));
  return keys.filter((key) => {
    const file = existing.get(idOf(key));
    if (!file) return true;
    const isSettled = file.updatedAt.getTime() <= clock.now() - ORPHAN_AGE_MS;
    return isSettled && !keysOf(file).includes(key);
  });
}

/**
 * Scheduled every five minutes: deletes bytes whose row is gone, because it went with its owner or its organization, or because a
 * failure came between the two.
 */
export const collectOrphans = (services: Services): Promise<{ deleted: number }> =>
  collectOrphanObjects(services.ports.objects, {
    prefix: 'files/',
    cursorKey: 'cursors/files.collect_orphans',
    nowMs: services.clock.now(),
    findOrphans: (keys) => findOrphans(services, keys),
  });
