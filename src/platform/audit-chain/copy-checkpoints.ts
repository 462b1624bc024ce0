import { type Services, systemScope } from '../../kernel/context/index.ts';
import { objectKey, readText } from '../objects/index.ts';
import {
  type CheckpointRow,
  selectUncopiedCheckpoints,
  markCheckpointsCopied,
} from './audit-chain.queries.ts';
import { SEAL_BATCH_SIZE, checkpointCopyName } from './checkpoint.rules.ts';

const COPY_BATCH_SIZE = 100;
const MAX_COPIES_READ = 50;
const MAX_LIST_PAGES = 10;
const CONTENT_TYPE = 'application/jose';

const checkpointCopyKey = (organizationId: string, name: string) =>
  objectKey('audit', organizationId, 'checkpoints', name);

/** Prefix of the copies; their names sort by the number of the entry. */
const checkpointCopyPrefix = (organizationId: string) => `audit/${organizationId}/checkpoints/`;

/** Returns whether the copy exists now. A copy is never replaced: another text under its name means tampering. */
async function copyCheckpoint(
  { ports, log }: Services,
  { organizationId, seq, signature }: CheckpointRow,
): Promise<boolean> {
  const key = checkpointCopyKey(organizationId, checkpointCopyName(seq));
  const created = await ports.objects.put(key, signature, { contentType: CONTENT_TYPE, onlyIfAbsent: true });
  if (created) return true;
  const existing = await ports.objects.get(key);
  if (existing && (await readText(existing.body)) === signature) return true;
  log.error('audit.checkpoint_conflict', { organizationId, seq });
  return false;
}

/**
 * Copies an organization's checkpoints to object storage, so that cutting off the tail of the log is detected even when
 * the checkpoint in the database is deleted too. Runs after the commit: a copy of a checkpoint that was never committed
 * would raise a false alarm.
 */
export async function copyCheckpoints(services: Services, organizationId: string): Promise<void> {
  const { database, clock } = services;
  const [uncopied] = await database.read(systemScope, (q) => [
    selectUncopiedCheckpoints(q, organizationId, COPY_BATCH_SIZE),
  ]);
  const copied: number[] = [];
  for (const checkpoint of uncopied)
    if (await copyCheckpoint(services, checkpoint)) copied.push(checkpoint.seq);
  if (copied.length === 0) return;
  await database.commit(systemScope, (q) => [
    markCheckpointsCopied(q, organizationId, copied, new Date(clock.now())),
  ]);
}

/**
 * Reads the newest copies of an organization's checkpoints. Hashes are chained, so these cover all earlier entries.
 * @param approximateSeq the number of the last entry, as the database has it
 */
export async function readCheckpointCopies(
  { ports }: Pick<Services, 'ports'>,
  organizationId: string,
  approximateSeq: number,
) {
  const prefix = checkpointCopyPrefix(organizationId);
  const keys: string[] = [];
  // Checkpoints are at most one batch apart: this window contains the newest ones, and any beyond the end.
  let after: string | null =
    `${prefix}${checkpointCopyName(Math.max(0, approximateSeq - MAX_COPIES_READ * SEAL_BATCH_SIZE))}`;
  for (let page = 0; page < MAX_LIST_PAGES && after !== null; page++) {
    const { objects, nextAfter } = await ports.objects.list(prefix, { after });
    keys.push(...objects.map((object) => object.key));
    after = nextAfter;
  }
  const copies: { text: string; where: string }[] = [];
  for (const key of keys.slice(-MAX_COPIES_READ)) {
    const object = await ports.objects.get(key);
    if (object) copies.push({ text: await readText(object.body), where: `in object storage (${key})` });
  }
  return { copies, names: new Set(keys.map((key) => key.slice(prefix.length))) };
}
