import { type Services, systemScope } from '../context/index.ts';
import { objectKey, textOf } from '../objects/index.ts';
import { type CheckpointRow, listUncopied, markCopied } from './chain.queries.ts';
import { BATCH, copyName } from './checkpoint.rules.ts';

const AT_ONCE = 100;
const MAX_READ = 50;
const MAX_LISTS = 10;
const CONTENT_TYPE = 'application/jose';

const copyKey = (organizationId: string, name: string) =>
  objectKey('audit', organizationId, 'checkpoints', name);

/** Where the copies lie; their names sort as their places do. */
const copyPrefix = (organizationId: string) => `audit/${organizationId}/checkpoints/`;

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

/**
 * The newest copies of an organization's checkpoints: as hashes chain, they speak for all before them.
 * @param aboutSeq where the log seems to end
 */
export async function readCopies(
  { ports }: Pick<Services, 'ports'>,
  organizationId: string,
  aboutSeq: number,
) {
  const prefix = copyPrefix(organizationId);
  const keys: string[] = [];
  // Two checkpoints are never more than a batch apart: this window holds the newest ones, and any beyond the end.
  let after: string | null = `${prefix}${copyName(Math.max(0, aboutSeq - MAX_READ * BATCH))}`;
  for (let page = 0; page < MAX_LISTS && after !== null; page++) {
    const { objects, nextAfter } = await ports.objects.list(prefix, { after });
    keys.push(...objects.map((object) => object.key));
    after = nextAfter;
  }
  const copies: { text: string; where: string }[] = [];
  for (const key of keys.slice(-MAX_READ)) {
    const object = await ports.objects.get(key);
    if (object) copies.push({ text: await textOf(object.body), where: `in object storage (${key})` });
  }
  return { copies, names: new Set(keys.map((key) => key.slice(prefix.length))) };
}
