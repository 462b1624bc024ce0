import { type Services, systemScope } from '../../kernel/context/index.ts';
import { collectOrphanObjects, ORPHAN_AGE_MS } from '../../platform/objects/index.ts';
import { isOver, type Recording, recordingIdsIn } from '../recordings/index.ts';
import { selectStoredRecordings } from './recording-erasure.queries.ts';

type StoredRecording = Pick<Recording, 'id' | 'state' | 'objectKey' | 'storedBytes' | 'updatedAt'>;

/**
 * Whether an object is of no use to a recording, which counts no bytes, or those of another object, and has not changed
 * for a day.
 */
function isUnused(key: string, row: StoredRecording, nowMs: number): boolean {
  const isSettled = isOver(row.state) && row.updatedAt.getTime() <= nowMs - ORPHAN_AGE_MS;
  return isSettled && (row.storedBytes === 0 || row.objectKey !== key);
}

async function findOrphans({ database, clock }: Services, keys: readonly string[]): Promise<string[]> {
  const idOf = (key: string) => recordingIdsIn({ keys: [key] })[0];
  const ids = keys.flatMap((key) => idOf(key) ?? []);
  const [rows] = await database.read(systemScope, (q) => [selectStoredRecordings(q, ids)]);
  const existing = new Map(rows.map((row) => [row.id, row]));
  return keys.filter((key) => {
    const row = existing.get(idOf(key) ?? '');
    return !row || isUnused(key, row, clock.now());
  });
}

/**
 * Scheduled every five minutes: deletes objects of recordings in the storage of the product whose row is gone, and
 * objects that a recorder has left after a failure.
 */
export const collectRecordingOrphans = (services: Services): Promise<{ deleted: number }> =>
  collectOrphanObjects(services.ports.objects, {
    prefix: 'recordings/',
    cursorKey: 'cursors/recordings.collect_orphans',
    nowMs: services.clock.now(),
    findOrphans: (keys) => findOrphans(services, keys),
  });
