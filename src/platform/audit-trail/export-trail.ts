import {
  EMPTY_CHAIN,
  type Entry,
  entryOf,
  findCheckpoint,
  findLastSeq,
  listCheckpoints,
  readCopies,
  sealOrganization,
  writeBundle,
} from '../audit-chain/index.ts';
import type { Ctx } from '../context/index.ts';
import { streamOf } from '../objects/index.ts';
import { defineOperation, type Operation, type OperationRun, startOperation } from '../operations/index.ts';
import { csvLine } from './csv.rules.ts';
import { presentAuditLog } from './present.ts';
import {
  type AuditLog,
  findNeighbour,
  findSeqRange,
  listBeyond,
  listInOrder,
  listPlaces,
} from './trail.queries.ts';
import type { TimeRange } from './trail.rules.ts';
import { type ExportInput, exportInputSchema, type ExportRequest } from './trail.schemas.ts';

const PAGE = 500;
const MAX_CHECKPOINTS = 1000;

const rangeOf = ({ from, to }: ExportInput): TimeRange => ({
  from: from === null ? undefined : new Date(from),
  to: to === null ? undefined : new Date(to),
});

/** Pages until one is not full; `page` gets the last row of the page before. */
async function* paged(page: (last: AuditLog | undefined) => Promise<AuditLog[]>): AsyncGenerator<AuditLog[]> {
  for (let last: AuditLog | undefined; ;) {
    const rows = await page(last);
    if (rows.length > 0) yield rows;
    last = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}

const COLUMNS = [
  ...(['id', 'createdAt', 'actorKind', 'actorId', 'action', 'severity', 'targetType', 'targetId'] as const),
  ...(['before', 'after', 'ip', 'userAgent', 'requestId', 'erasedAt'] as const),
];

async function* writeLines(ctx: Ctx, input: ExportInput, run: OperationRun): AsyncGenerator<string> {
  const range = rangeOf(input);
  const end = Math.min(range.to?.getTime() ?? Infinity, ctx.clock.now());
  const isCsv = input.format === 'csv';
  if (isCsv) yield csvLine([...COLUMNS, 'seq', 'hash']);
  let begin: number | undefined;
  const pages = paged(async (last) => {
    const [rows] = await ctx.read((q) => [listInOrder(q, ctx.organizationId, range, last?.id, PAGE)]);
    return rows;
  });
  for await (const rows of pages) {
    for (const view of rows.map(presentAuditLog))
      yield isCsv
        ? csvLine([...COLUMNS.map((column) => view[column]), view.seal?.seq, view.seal?.hash])
        : `${JSON.stringify(view)}\n`;
    begin ??= rows[0]!.createdAt.getTime();
    const reached = rows.at(-1)!.createdAt.getTime();
    await run.progress((100 * (reached - begin)) / Math.max(1, end - begin));
  }
}

/** Where the chain stood at the end of a range that touches no place. */
async function emptyPlaces(ctx: Ctx, { to }: TimeRange) {
  const { organizationId } = ctx;
  const [[earlier]] = await ctx.read((q) => [findSeqRange(q, organizationId, { to })]);
  if (!earlier?.last) return { previous: EMPTY_CHAIN, untilSeq: 0 };
  const seq = earlier.last;
  const [[row]] = await ctx.read((q) => [findNeighbour(q, organizationId, seq + 1, 'before')]);
  return { previous: { seq, hash: row?.hash ?? '' }, untilSeq: seq };
}

/** The places of a bundle: all that the range touches, and one neighbour on each side that shows nothing was cut. */
async function placesOf(ctx: Ctx, range: TimeRange) {
  const { organizationId } = ctx;
  const [[touched]] = await ctx.read((q) => [findSeqRange(q, organizationId, range)]);
  const first = touched?.first ?? null;
  const last = touched?.last ?? null;
  if (first === null || last === null) return emptyPlaces(ctx, range);
  const [[before], [after]] = await ctx.read((q) => [
    findNeighbour(q, organizationId, first, 'before'),
    findNeighbour(q, organizationId, last, 'after'),
  ]);
  const previous = range.from && before?.seq ? { seq: before.seq, hash: before.hash ?? '' } : EMPTY_CHAIN;
  return { previous, untilSeq: range.to && after?.seq ? after.seq : last };
}

async function* bundleEntries(
  ctx: Ctx,
  range: TimeRange,
  { from, until }: { from: number; until: number },
  run: OperationRun,
): AsyncGenerator<Entry> {
  const { organizationId } = ctx;
  const sealed = paged(async (last) => {
    const [rows] = await ctx.read((q) => [listPlaces(q, organizationId, last?.seq ?? from, until, PAGE)]);
    return rows;
  });
  for await (const rows of sealed) {
    yield* rows.map(entryOf);
    await run.progress((100 * ((rows.at(-1)?.seq ?? until) - from)) / Math.max(1, until - from));
  }
  const beyond = paged(async (last) => {
    const [rows] = await ctx.read((q) => [listBeyond(q, organizationId, range, until, last?.id, PAGE)]);
    return rows;
  });
  // What was sealed since then is told as it was: this bundle's chain ends at `until`.
  for await (const rows of beyond)
    yield* rows.map((row) => ({ ...entryOf(row), seq: null, previousHash: null, hash: null }));
}

/** Every checkpoint that may speak of the entries after `afterSeq`, from both of their homes. */
async function witnesses(ctx: Ctx, afterSeq: number): Promise<string[]> {
  const { organizationId } = ctx;
  const [rows, [last]] = await ctx.read((q) => [
    listCheckpoints(q, organizationId, afterSeq + 1, MAX_CHECKPOINTS),
    findLastSeq(q, organizationId),
  ]);
  const { copies } = await readCopies(ctx, organizationId, last?.seq ?? 0);
  return [...rows.map(({ signature }) => signature), ...copies.map(({ text }) => text)];
}

async function* writeSigned(ctx: Ctx, input: ExportInput, run: OperationRun): AsyncGenerator<string> {
  const { organizationId, signer } = ctx;
  const range = rangeOf(input);
  const exportedAt = new Date(ctx.clock.now()).toISOString();
  // So that all that was said before the request is sealed, and a checkpoint speaks for it.
  await sealOrganization(ctx, organizationId);
  // What is sealed meanwhile makes the chain longer: witnesses are read before its end.
  const seen = await witnesses(ctx, (await placesOf(ctx, range)).previous.seq);
  const { previous, untilSeq } = await placesOf(ctx, range);
  const [[last]] = await ctx.read((q) => [findCheckpoint(q, organizationId, untilSeq)]);
  const lines = writeBundle(
    {
      organizationId,
      range: { from: input.from, to: input.to },
      exportedAt,
      previous,
      jwks: await signer.jwks(),
      checkpoints: [...new Set([...seen, ...(last ? [last.signature] : [])])],
    },
    bundleEntries(ctx, range, { from: previous.seq, until: untilSeq }, run),
    (claims, type) => signer.attest({ ...claims }, type),
  );
  for await (const line of lines) yield `${line}\n`;
}

const FILES = {
  csv: { type: 'text/csv; charset=utf-8; header=present', extension: 'csv', write: writeLines },
  jsonl: { type: 'application/jsonl', extension: 'jsonl', write: writeLines },
  bundle: { type: 'application/jsonl', extension: 'bundle.jsonl', write: writeSigned },
} as const;

/** Writes the entries of a time range to a file, page by page, never all in memory. */
export const auditExport = defineOperation<ExportInput>({
  kind: 'audit.export',
  permission: 'audit:export',
  input: exportInputSchema,
  async run(ctx, input, run) {
    const { type, extension, write } = FILES[input.format];
    await ctx.ports.objects.put(run.resultKey, streamOf(write(ctx, input, run)), { contentType: type });
    const day = run.operation.createdAt.toISOString().slice(0, 10);
    return { type, name: `audit-${day}.${extension}` };
  },
});

/** Begins an export; that someone took the log away is itself part of the log. */
export function startExport(ctx: Ctx, { format, from, to }: ExportRequest): Promise<Operation> {
  const input: ExportInput = {
    format,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
  };
  return startOperation(ctx, auditExport, input, (operation) => ({
    action: 'audit.exported',
    target: { type: 'operation', id: operation.id },
    severity: 'warning',
    after: { ...input },
  }));
}
