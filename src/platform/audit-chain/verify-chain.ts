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
import { EMPTY_CHAIN, type ChainHead } from './audit-chain.rules.ts';
import { createProblem, type ChainProblem } from './chain-problems.rules.ts';
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
  /** Whether the walk reached the end; otherwise continue with `fromSeq` = `toSeq` + 1. */
  complete: boolean;
  fromSeq: number;
  toSeq: number;
  sealedCount: number;
  unsealedCount: number;
  headHash: string;
  /** The newest checkpoint in the database. */
  checkpoint: CheckpointRow | null;
  /** At most 100 problems. */
  problems: ChainProblem[];
}

interface ChainEvidence {
  checkpoints: Checkpoint[];
  newest: CheckpointRow | undefined;
  head: ChainHead;
  /** The head before the first entry of the walk. */
  start: ChainHead;
  lastSeq: number;
  unsealedCount: number;
  problems: ChainProblem[];
}

/** Finds the newest checkpoints that were copied and whose copy is missing. */
function findLostCopies(rows: readonly CheckpointRow[], names: ReadonlySet<string>): ChainProblem[] {
  return rows
    .filter(({ seq, copiedAt }) => copiedAt !== null && !names.has(checkpointCopyName(seq)))
    .map(({ seq }) =>
      createProblem(
        'checkpoint_missing',
        { seq },
        `the checkpoint of entry ${seq} is missing from object storage`,
      ),
    );
}

/** Reads the chain and its checkpoints. Checkpoints are read first, because concurrent sealing makes the chain longer. */
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

/** Compares the chain's row with the log. */
function findChainEndProblems({ head, lastSeq }: ChainEvidence): ChainProblem[] {
  if (lastSeq < head.seq)
    return [
      createProblem(
        'cut_tail',
        { seq: lastSeq + 1 },
        `the tail is cut off: the log ends at entry ${lastSeq}, but the chain at entry ${head.seq}`,
      ),
    ];
  if (lastSeq > head.seq)
    return [
      createProblem(
        'inserted_entries',
        { seq: head.seq + 1 },
        `entries after ${head.seq} have numbers that the chain never assigned`,
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
 * Recomputes an organization's chain from `fromSeq` on, at most 20,000 entries per call, and compares it with the
 * checkpoints in the database and in object storage.
 * @throws AppError `request.invalid` when the chain ends before `fromSeq`
 */
export async function verifyChain(ctx: Ctx, fromSeq: number): Promise<ChainReport> {
  const evidence = await gatherEvidence(ctx, fromSeq);
  const { head, newest } = evidence;
  if (fromSeq > Math.max(1, head.seq))
    throw requestErrors.invalid({
      errors: [{ pointer: '#/query/fromSeq', message: `must be at most ${head.seq}, the end of the chain` }],
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
