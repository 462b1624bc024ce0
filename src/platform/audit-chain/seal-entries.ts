import { type Services, systemScope } from '../../kernel/context/index.ts';
import {
  selectOrganizationsToCopy,
  selectUnsealedEntries,
  selectOrganizationsToSeal,
  lockChainHead,
  updateChainHead,
  writeSeals,
} from './audit-chain.queries.ts';
import { type ChainHead, computeSeals } from './audit-chain.rules.ts';
import { SEAL_BATCH_SIZE, type Checkpoint, CHECKPOINT_TYPE } from './checkpoint.rules.ts';
import { copyCheckpoints } from './copy-checkpoints.ts';

const MAX_ORGANIZATIONS = 500;
const CONCURRENCY = 4;
/** The task runs every minute; the next run continues where this one stopped. */
const RUN_TIME_LIMIT_MS = 45_000;

async function signCheckpoint({ signer, clock }: Services, organizationId: string, head: ChainHead) {
  const createdAt = new Date(clock.now());
  const claims: Checkpoint = {
    organizationId,
    count: head.seq,
    headHash: head.hash,
    sealedAt: createdAt.toISOString(),
  };
  return {
    organizationId,
    seq: head.seq,
    headHash: head.hash,
    signature: await signer.attest(claims, CHECKPOINT_TYPE),
    keyId: signer.newestKeyId,
    createdAt,
  };
}

/**
 * Seals the oldest unsealed entries and signs a checkpoint over the new end, all or nothing. The transaction is
 * interactive because each hash, computed here, needs the one before it. The lock on the chain's row makes sealing runs
 * follow one another; writers of entries never take it.
 * @returns the number of sealed entries
 */
async function sealBatch(services: Services, organizationId: string): Promise<number> {
  const { database, clock } = services;
  return database.transaction(systemScope, async (tx) => {
    const head = await lockChainHead(tx, organizationId, new Date(clock.now()));
    const entries = await selectUnsealedEntries(tx, organizationId, SEAL_BATCH_SIZE);
    const seals = await computeSeals(head, entries);
    const last = seals.at(-1);
    if (!last) return 0;
    await writeSeals(tx, organizationId, seals);
    await updateChainHead(tx, last, await signCheckpoint(services, organizationId, last));
    return seals.length;
  });
}

/**
 * Seals all unsealed entries of an organization and copies its checkpoints to object storage.
 * @returns the number of sealed entries
 */
export async function sealOrganization(services: Services, organizationId: string): Promise<number> {
  let sealed = 0;
  for (let batch = SEAL_BATCH_SIZE; batch === SEAL_BATCH_SIZE; sealed += batch)
    batch = await sealBatch(services, organizationId);
  await copyCheckpoints(services, organizationId);
  return sealed;
}

export interface SealReport {
  organizations: number;
  sealed: number;
  failed: number;
  /** Whether the run stopped at its time limit. */
  unfinished: boolean;
}

/** Every organization gets one batch before any gets its second, so that a busy one delays the others only a little. */
async function sealRound(
  services: Services,
  waiting: readonly string[],
  report: SealReport,
): Promise<string[]> {
  const queue = [...waiting];
  const unfinishedIds: string[] = [];
  const worker = async () => {
    for (let organizationId = queue.shift(); organizationId; organizationId = queue.shift()) {
      try {
        const sealed = await sealBatch(services, organizationId);
        await copyCheckpoints(services, organizationId);
        report.sealed += sealed;
        if (sealed === SEAL_BATCH_SIZE) unfinishedIds.push(organizationId);
      } catch (error) {
        report.failed++;
        services.log.error('audit.seal_failed', { organizationId, error });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return unfinishedIds;
}

/** Seals all unsealed entries in rounds, oldest first, and retries copies that failed. Scheduled every minute. */
export async function sealAllOrganizations(services: Services): Promise<SealReport> {
  const { database, clock } = services;
  const deadlineMs = clock.now() + RUN_TIME_LIMIT_MS;
  const [waiting, toCopy] = await database.read(systemScope, (q) => [
    selectOrganizationsToSeal(q, MAX_ORGANIZATIONS),
    selectOrganizationsToCopy(q, MAX_ORGANIZATIONS),
  ]);
  let round = [...new Set([...waiting, ...toCopy].map((row) => row.organizationId))];
  const report: SealReport = { organizations: round.length, sealed: 0, failed: 0, unfinished: false };
  while (round.length > 0 && clock.now() < deadlineMs) round = await sealRound(services, round, report);
  report.unfinished = round.length > 0 || waiting.length === MAX_ORGANIZATIONS;
  return report;
}
