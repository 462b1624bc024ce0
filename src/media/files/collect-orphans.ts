import { type Services, systemScope } from '../../kernel/context/index.ts';
import { selectAnyOrganization, selectExisting } from './sweep.queries.ts';

const PREFIX = 'files/';
const MAX_OBJECTS = 1_000;
/** Younger objects are left alone. */
const MIN_AGE_MS = 86_400_000;

/** At most 1,000 objects from a key on; those at the beginning where none follow any more. */
async function listSome({ ports: { objects } }: Services, after: string) {
  const page = await objects.list(PREFIX, { after, limit: MAX_OBJECTS });
  if (page.nextAfter !== null) return page.objects;
  const first = await objects.list(PREFIX, { limit: MAX_OBJECTS });
  return [...new Map([...page.objects, ...first.objects].map((object) => [object.key, object])).values()];
}

/**
 * Scheduled every five minutes: deletes bytes whose row is gone, because it went with its owner or its organization, or because a
 * failure came between the two. Each run looks at 1,000 objects, from an organization on that differs from run to run.
 */
export async function collectOrphans(services: Services): Promise<{ deleted: number }> {
  const now = new Date(services.clock.now());
  const [[start]] = await services.database.read(systemScope, (q) => [selectAnyOrganization(q, now)]);
  const found = await listSome(services, `${PREFIX}${start?.id ?? ''}`);
  const old = found.filter(({ uploadedAt }) => uploadedAt.getTime() <= now.getTime() - MIN_AGE_MS);
  const idOf = ({ key }: { key: string }) => key.split('/').at(-1)!;
  if (old.length === 0) return { deleted: 0 };
  const [rows] = await services.database.read(systemScope, (q) => [selectExisting(q, old.map(idOf))]);
  const existing = new Set(rows.map(({ id }) => id));
  const orphans = old.filter((object) => !existing.has(idOf(object))).map(({ key }) => key);
  for (let at = 0; at < orphans.length; at += MAX_OBJECTS)
    await services.ports.objects.delete(orphans.slice(at, at + MAX_OBJECTS));
  return { deleted: orphans.length };
}
