import type { Ctx } from '../context/index.ts';
import { requestErrors } from '../core/index.ts';
import { createAttestationReader } from '../crypto/index.ts';
import {
  type CheckpointRow,
  countUnsealed,
  entryOf,
  findHead,
  findHeadBefore,
  findLastSeq,
  listCheckpoints,
  listSealed,
} from './chain.queries.ts';
import { EMPTY_CHAIN, type Head, problem, type Problem } from './chain.rules.ts';
import { type Checkpoint, copyName, gaugeOf, readCheckpoints, unvouched } from './checkpoint.rules.ts';
import { readCopies } from './copy-checkpoints.ts';
import { walkFrom } from './walk.rules.ts';

const PAGE = 500;
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
  problems: Problem[];
}

interface Evidence {
  checkpoints: Checkpoint[];
  newest: CheckpointRow | undefined;
  head: Head;
  /** Where the walk sets out. */
  start: Head;
  lastSeq: number;
  unsealedCount: number;
  problems: Problem[];
}

/** Of the newest checkpoints that were copied, those whose copy is gone. */
function lostCopies(rows: readonly CheckpointRow[], names: ReadonlySet<string>): Problem[] {
  return rows
    .filter(({ seq, copiedAt }) => copiedAt !== null && !names.has(copyName(seq)))
    .map(({ seq }) =>
      problem('checkpoint_missing', { seq }, `the checkpoint over entry ${seq} is gone from object storage`),
    );
}

/** Whatever speaks of the chain. What is sealed while we look makes it longer: witnesses are read before its end. */
async function gather(ctx: Ctx, fromSeq: number): Promise<Evidence> {
  const { organizationId } = ctx;
  const [[about]] = await ctx.read((q) => [findLastSeq(q, organizationId)]);
  const { copies, names } = await readCopies(ctx, ctx.organizationId, about?.seq ?? 0);
  const [rows, [last], [unsealed], [stored], [before]] = await ctx.read((q) => [
    listCheckpoints(q, organizationId, fromSeq, MAX_CHECKPOINTS),
    findLastSeq(q, organizationId),
    countUnsealed(q, organizationId),
    findHead(q, organizationId),
    findHeadBefore(q, organizationId, fromSeq),
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
    problems: [...problems, ...lostCopies(rows, names)],
  };
}

/** What the chain's own row says against what the log holds. */
function endProblems({ head, lastSeq }: Evidence): Problem[] {
  if (lastSeq < head.seq)
    return [
      problem(
        'cut_tail',
        { seq: lastSeq + 1 },
        `the tail is cut off: the log ends at entry ${lastSeq}, the chain at entry ${head.seq}`,
      ),
    ];
  if (lastSeq > head.seq)
    return [
      problem(
        'inserted_entries',
        { seq: head.seq + 1 },
        `entries after ${head.seq} claim places that the chain never gave out`,
      ),
    ];
  return [];
}

async function walkAlong(ctx: Ctx, evidence: Evidence) {
  const gauge = gaugeOf(evidence.checkpoints);
  const walk = walkFrom(evidence.start, ctx.organizationId, gauge);
  const problems: Problem[] = [];
  let complete = false;
  for (let page = 0; page < MAX_PAGES && !complete && problems.length < MAX_PROBLEMS; page++) {
    const after = walk.head.seq;
    const [rows] = await ctx.read((q) => [listSealed(q, ctx.organizationId, after, evidence.head.seq, PAGE)]);
    for (const row of rows) problems.push(...(await walk.step(entryOf(row))));
    complete = rows.length < PAGE;
  }
  if (complete)
    problems.push(
      ...endProblems(evidence),
      ...unvouched(evidence.head, gauge),
      ...gauge.end(walk.head, null),
    );
  return { problems, complete, toSeq: walk.head.seq };
}

/**
 * Recomputes an organization's chain from `fromSeq` on, at most 20,000 entries at a time, and measures it against the
 * checkpoints of the database and of object storage.
 * @throws AppError `request.invalid` when the chain is shorter than that
 */
export async function verifyChain(ctx: Ctx, fromSeq: number): Promise<ChainReport> {
  const evidence = await gather(ctx, fromSeq);
  const { head, newest } = evidence;
  if (fromSeq > Math.max(1, head.seq))
    throw requestErrors.invalid({
      errors: [{ pointer: '#/query/fromSeq', message: `the chain ends at ${head.seq}` }],
    });
  const { problems: found, complete, toSeq } = await walkAlong(ctx, evidence);
  const problems = [...evidence.problems, ...found].slice(0, MAX_PROBLEMS);
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
