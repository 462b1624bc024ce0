import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { createAttestationReader } from '../../kernel/crypto/index.ts';
import {
  type CheckpointRow,
  countUnsealedEntries,
  toAuditEntry,
  selectChainHead,
  selectHeadBefore,
  selectLastSeq,
  selectCheckpoints,
  selectSealedEntries,
} from './audit-chain.queries.ts';
import { EMPTY_CHAIN, type ChainHead, createProblem, type ChainProblem } from './audit-chain.rules.ts';
import {
  type Checkpoint,
  checkpointCopyName,
  createCheckpointVerifier,
  readCheckpoints,
  findUnsignedHead,
} from './checkpoint.rules.ts';
import { readCheckpointCopies } from './copy-checkpoints.ts';
import { startChainWalk } from './chain-walk.rules.ts';

const PAGE_SIZE = 500;
const MAX_PAGES = 40;
const MAX_CHECKPOINTS = 50;
const MAX_PROBLEMS = 100;

export interface ChainReport {
  valid: boolean;
  /** Whether the walk came to the end; otherwise it goes on with `fromSeq` = `toSeq` + 1. */
  complete: boolean;
  fromSeq: number;
  toSeq: number;
  sealedCount: number;
  unsealedCount: number;
  headHash: string;
  /** The newest one in the database. */
  checkpoint: CheckpointRow | null;
  /** At most 100. */
  problems: ChainProblem[];
}

interface ChainEvidence {
  checkpoints: Checkpoint[];
  newest: CheckpointRow | undefined;
  head: ChainHead;
  /** Where the walk sets out. */
  start: ChainHead;
  lastSeq: number;
  unsealedCount: number;
  problems: ChainProblem[];
}

/** Of the newest checkpoints that were copied, those whose copy is gone. */
function findLostCopies(rows: readonly CheckpointRow[], names: ReadonlySet<string>): ChainProblem[] {
  return rows
    .filter(({ seq, copiedAt }) => copiedAt !== null && !names.has(checkpointCopyName(seq)))
    .map(({ seq }) =>
      createProblem(
        'checkpoint_missing',
        { seq },
        `the checkpoint over entry ${seq} is gone from object storage`,
      ),
    );
}

/** Whatever speaks of the chain. What is sealed while we look makes it longer: witnesses are read before its end. */
async function gatherEvidence(ctx: Ctx, fromSeq: number): Promise<ChainEvidence> {
  const { organizationId } = ctx;
  const [[lastSealed]] = await ctx.read((q) => [selectLastSeq(q, organizationId)]);
  const { copies, names } = await readCheckpointCopies(ctx, ctx.organizationId, lastSealed?.seq ?? 0);
  const [rows, [last], [unsealed], [stored], [before]] = await ctx.read((q) => [
    selectCheckpoints(q, organizationId, fromSeq, MAX_CHECKPOINTS),
    selectLastSeq(q, organizationId),
    countUnsealedEntries(q, organizationId),
    selectChainHead(q, organizationId),
    selectHeadBefore(q, organizationId, fromSeq),
  ]);
  const reader = createAttestationReader(await ctx.signer.jwks());
  const texts = new Map(rows.map(({ seq, signature }) => [seq, signature]));
  if (stored?.signature) texts.set(stored.seq, stored.signature);
  const statements = [
    ...[...texts].map(([seq, text]) => ({ text, where: `in the database (entry ${seq})` })),
    ...copies,
  ];
  const { checkpoints, problems } = await readCheckpoints(statements, organizationId, reader.read);
  return {
    checkpoints,
    newest: rows[0],
    head: stored ?? EMPTY_CHAIN,
    start: before ?? (fromSeq === 1 ? EMPTY_CHAIN : { seq: fromSeq - 1, hash: '' }),
    lastSeq: last?.seq ?? 0,
    unsealedCount: unsealed?.count ?? 0,
    problems: [...problems, ...findLostCopies(rows, names)],
  };
}

/** What the chain's own row says against what the log holds. */
function findChainEndProblems({ head, lastSeq }: ChainEvidence): ChainProblem[] {
  if (lastSeq < head.seq)
    return [
      createProblem(
        'cut_tail',
        { seq: lastSeq + 1 },
        `the tail is cut off: the log ends at entry ${lastSeq}, the chain at entry ${head.seq}`,
      ),
    ];
  if (lastSeq > head.seq)
    return [
      createProblem(
        'inserted_entries',
        { seq: head.seq + 1 },
        `entries after ${head.seq} claim places that the chain never gave out`,
      ),
    ];
  return [];
}

async function walkChain(ctx: Ctx, evidence: ChainEvidence) {
  const verifier = createCheckpointVerifier(evidence.checkpoints);
  const walk = startChainWalk(evidence.start, ctx.organizationId, verifier);
  const problems: ChainProblem[] = [];
  let complete = false;
  for (let page = 0; page < MAX_PAGES && !complete && problems.length < MAX_PROBLEMS; page++) {
    const after = walk.head.seq;
    const [rows] = await ctx.read((q) => [
      selectSealedEntries(q, ctx.organizationId, after, evidence.head.seq, PAGE_SIZE),
    ]);
    for (const row of rows) problems.push(...(await walk.verifyEntry(toAuditEntry(row))));
    complete = rows.length < PAGE_SIZE;
  }
  if (complete)
    problems.push(
      ...findChainEndProblems(evidence),
      ...findUnsignedHead(evidence.head, verifier),
      ...verifier.checkEnd(walk.head, null),
    );
  return { problems, complete, toSeq: walk.head.seq };
}

/**
 * Recomputes an organization's chain from `fromSeq` on, at most 20,000 entries at a time, and measures it against the
 * checkpoints of the database and of object storage.
 * @throws AppError `request.invalid` when the chain is shorter than that
 */
export async function verifyChain(ctx: Ctx, fromSeq: number): Promise<ChainReport> {
  const evidence = await gatherEvidence(ctx, fromSeq);
  const { head, newest } = evidence;
  if (fromSeq > Math.max(1, head.seq))
    throw requestErrors.invalid({
      errors: [{ pointer: '#/query/fromSeq', message: `the chain ends at ${head.seq}` }],
    });
  const { problems: walkProblems, complete, toSeq } = await walkChain(ctx, evidence);
  const problems = [...evidence.problems, ...walkProblems].slice(0, MAX_PROBLEMS);
  if (problems.length > 0)
    ctx.log.error('audit.chain_invalid', {
      organizationId: ctx.organizationId,
      problems: problems.slice(0, 10),
    });
  return {
    valid: problems.length === 0,
    complete,
    fromSeq,
    toSeq,
    sealedCount: head.seq,
    unsealedCount: evidence.unsealedCount,
    headHash: head.hash,
    checkpoint: newest ?? null,
    problems,
  };
}
