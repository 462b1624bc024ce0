import { type Services, systemScope } from '../context/index.ts';
import { objectKey, textOf } from '../objects/index.ts';
import { type CheckpointRow, listUncopied, markCopied } from './chain.queries.ts';
import { copyName } from './checkpoint.rules.ts';

const AT_ONCE = 100;
const CONTENT_TYPE = 'application/jose';

export const copyKey = (organizationId: string, name: string) =>
  objectKey('audit', organizationId, 'checkpoints', name);

/** Where the copies lie; their names sort as their places do. */
export const copyPrefix = (organizationId: string) => `audit/${organizationId}/checkpoints/`;

/** Whether the copy is now there. A copy is never replaced: another text under its name means that someone meddled. */
async function copy(
  { ports, log }: Services,
  { organizationId, seq, signature }: CheckpointRow,
): Promise<boolean> {
  const key = copyKey(organizationId, copyName(seq));
  const put = await ports.objects.put(key, signature, { contentType: CONTENT_TYPE, onlyIfAbsent: true });
  if (put) return true;
  const there = await ports.objects.get(key);
  if (there && (await textOf(there.body)) === signature) return true;
  log.error('audit.checkpoint_conflict', { organizationId, seq });
  return false;
}

/**
 * Copies an organization's checkpoints to object storage, their second home: whoever cuts the log's tail and the
 * checkpoint in the database is still found out. After the commit, never before: a copy of a checkpoint that was not
 * committed would cry wolf.
 */
export async function copyCheckpoints(services: Services, organizationId: string): Promise<void> {
  const { database, clock } = services;
  const [uncopied] = await database.read(systemScope, (q) => [listUncopied(q, organizationId, AT_ONCE)]);
  const copied: number[] = [];
  for (const checkpoint of uncopied) if (await copy(services, checkpoint)) copied.push(checkpoint.seq);
  if (copied.length === 0) return;
  await database.commit(systemScope, (q) => [markCopied(q, organizationId, copied, new Date(clock.now()))]);
}
