import {
  type ChainEntry,
  EMPTY_CHAIN,
  readCheckpointCopies,
  sealOrganization,
  selectCheckpoint,
  selectCheckpoints,
  selectLastSeq,
  toAuditEntry,
  writeBundle,
} from '../audit-chain/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { OperationRun } from '../operations/index.ts';
import {
  selectAuditLogsSealedLater,
  selectNeighbour,
  selectSealedAuditLogs,
  selectSeqRange,
} from './audit-trail.queries.ts';
import type { TimeRange } from './audit-trail.rules.ts';
import type { AuditExportInput } from './audit-trail.schemas.ts';
import { PAGE_SIZE, parseRange, readPages } from './read-export-pages.ts';

const MAX_CHECKPOINTS = 1000;

/** The bounds of a range without sealed entries: the head of the chain at its end. */
async function findBoundsOfEmptyRange(ctx: Ctx, { to }: TimeRange) {
  const { organizationId } = ctx;
  const [[earlier]] = await ctx.read((q) => [selectSeqRange(q, organizationId, { to })]);
  if (!earlier?.last) return { previous: EMPTY_CHAIN, untilSeq: 0 };
  const seq = earlier.last;
  const [[row]] = await ctx.read((q) => [selectNeighbour(q, organizationId, seq + 1, 'before')]);
  return { previous: { seq, hash: row?.hash ?? '' }, untilSeq: seq };
}

/** The chain numbers of a bundle: all in the range, and one neighbour on each side to prove that nothing was cut. */
async function findBundleBounds(ctx: Ctx, range: TimeRange) {
  const { organizationId } = ctx;
  const [[touched]] = await ctx.read((q) => [selectSeqRange(q, organizationId, range)]);
  const first = touched?.first ?? null;
  const last = touched?.last ?? null;
  if (first === null || last === null) return findBoundsOfEmptyRange(ctx, range);
  const [[before], [after]] = await ctx.read((q) => [
    selectNeighbour(q, organizationId, first, 'before'),
    selectNeighbour(q, organizationId, last, 'after'),
  ]);
  const previous = range.from && before?.seq ? { seq: before.seq, hash: before.hash ?? '' } : EMPTY_CHAIN;
  return { previous, untilSeq: range.to && after?.seq ? after.seq : last };
}

async function* readBundleEntries(
  ctx: Ctx,
  range: TimeRange,
  { from, until }: { from: number; until: number },
  run: OperationRun,
): AsyncGenerator<ChainEntry> {
  const { organizationId } = ctx;
  const sealed = readPages(async (last) => {
    const [rows] = await ctx.read((q) => [
      selectSealedAuditLogs(q, organizationId, last?.seq ?? from, until, PAGE_SIZE),
    ]);
    return rows;
  });
  for await (const rows of sealed) {
    yield* rows.map(toAuditEntry);
    await run.progress((100 * ((rows.at(-1)?.seq ?? until) - from)) / Math.max(1, until - from));
  }
  const sealedLater = readPages(async (last) => {
    const [rows] = await ctx.read((q) => [
      selectAuditLogsSealedLater(q, organizationId, range, until, last?.id, PAGE_SIZE),
    ]);
    return rows;
  });
  // Entries sealed since then are written as unsealed, because this bundle's chain ends at `until`.
  for await (const rows of sealedLater)
    yield* rows.map((row) => ({ ...toAuditEntry(row), seq: null, previousHash: null, hash: null }));
}

/** Every checkpoint that may cover entries after `afterSeq`, from the database and from object storage. */
async function readCheckpointStatements(ctx: Ctx, afterSeq: number): Promise<string[]> {
  const { organizationId } = ctx;
  const [rows, [last]] = await ctx.read((q) => [
    selectCheckpoints(q, organizationId, afterSeq + 1, MAX_CHECKPOINTS),
    selectLastSeq(q, organizationId),
  ]);
  const { copies } = await readCheckpointCopies(ctx, organizationId, last?.seq ?? 0);
  return [...rows.map(({ signature }) => signature), ...copies.map(({ text }) => text)];
}

/** Writes the entries of a time range as a signed bundle, line by line. */
export async function* writeSignedBundle(
  ctx: Ctx,
  input: AuditExportInput,
  run: OperationRun,
): AsyncGenerator<string> {
  const { organizationId, signer } = ctx;
  const range = parseRange(input);
  const exportedAt = new Date(ctx.clock.now()).toISOString();
  // Seals first, so that a checkpoint covers every entry written before the request.
  await sealOrganization(ctx, organizationId);
  // Checkpoints are read before the end of the chain, because concurrent sealing makes it longer.
  const statements = await readCheckpointStatements(ctx, (await findBundleBounds(ctx, range)).previous.seq);
  const { previous, untilSeq } = await findBundleBounds(ctx, range);
  const [[last]] = await ctx.read((q) => [selectCheckpoint(q, organizationId, untilSeq)]);
  const lines = writeBundle(
    {
      organizationId,
      range: { from: input.from, to: input.to },
      exportedAt,
      previous,
      jwks: await signer.jwks(),
      checkpoints: [...new Set([...statements, ...(last ? [last.signature] : [])])],
    },
    readBundleEntries(ctx, range, { from: previous.seq, until: untilSeq }, run),
    (claims, type) => signer.attest({ ...claims }, type),
  );
  for await (const line of lines) yield `${line}\n`;
}
