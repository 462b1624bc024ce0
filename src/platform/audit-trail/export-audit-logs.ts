import type { Ctx } from '../../kernel/context/index.ts';
import { createTextStream } from '../objects/index.ts';
import { defineOperation, type Operation, type OperationRun, startOperation } from '../operations/index.ts';
import { formatCsvLine } from '../tabular/index.ts';
import { presentAuditLog } from './audit-trail.present.ts';
import { selectAuditLogsOldestFirst } from './audit-trail.queries.ts';
import { type AuditExportInput, exportInputSchema, type AuditExportRequest } from './audit-trail.schemas.ts';
import { PAGE_SIZE, parseRange, readPages } from './read-export-pages.ts';
import { writeSignedBundle } from './write-bundle.ts';

const COLUMNS = [
  ...(['id', 'createdAt', 'actorKind', 'actorId', 'action', 'severity', 'targetType', 'targetId'] as const),
  ...(['before', 'after', 'ip', 'userAgent', 'requestId', 'erasedAt'] as const),
];

async function* writeEntryLines(
  ctx: Ctx,
  input: AuditExportInput,
  run: OperationRun,
): AsyncGenerator<string> {
  const range = parseRange(input);
  const endMs = Math.min(range.to?.getTime() ?? Infinity, ctx.clock.now());
  const isCsv = input.format === 'csv';
  const mark = input.byteOrderMark ? '\uFEFF' : '';
  if (isCsv) yield `${mark}${formatCsvLine([...COLUMNS, 'seq', 'hash'])}`;
  let beginMs: number | undefined;
  const pages = readPages(async (last) => {
    const [rows] = await ctx.read((q) => [
      selectAuditLogsOldestFirst(q, ctx.organizationId, range, last?.id, PAGE_SIZE),
    ]);
    return rows;
  });
  for await (const rows of pages) {
    for (const view of rows.map(presentAuditLog))
      yield isCsv
        ? formatCsvLine([...COLUMNS.map((column) => view[column]), view.seal?.seq, view.seal?.hash])
        : `${JSON.stringify(view)}\n`;
    beginMs ??= rows[0]!.createdAt.getTime();
    const reachedMs = rows.at(-1)!.createdAt.getTime();
    await run.progress((100 * (reachedMs - beginMs)) / Math.max(1, endMs - beginMs));
  }
}

const FORMAT_WRITERS = {
  csv: { type: 'text/csv; charset=utf-8; header=present', extension: 'csv', write: writeEntryLines },
  jsonl: { type: 'application/jsonl', extension: 'jsonl', write: writeEntryLines },
  bundle: { type: 'application/jsonl', extension: 'bundle.jsonl', write: writeSignedBundle },
} as const;

/** Writes the entries of a time range to a file, page by page, so that memory stays bounded. */
export const auditExport = defineOperation<AuditExportInput>({
  kind: 'audit.export',
  permission: 'audit:export',
  input: exportInputSchema,
  async run(ctx, input, run) {
    const { type, extension, write } = FORMAT_WRITERS[input.format];
    await ctx.ports.objects.put(run.resultKey, createTextStream(write(ctx, input, run)), {
      contentType: type,
    });
    const day = run.operation.createdAt.toISOString().slice(0, 10);
    return { type, name: `audit-${day}.${extension}` };
  },
});

/** Starts an export; the export itself is recorded in the audit log. */
export function startAuditExport(
  ctx: Ctx,
  { format, from, to, byteOrderMark }: AuditExportRequest,
): Promise<Operation> {
  const input: AuditExportInput = {
    format,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
    byteOrderMark,
  };
  return startOperation(ctx, auditExport, input, (operation) => ({
    action: 'audit.exported',
    target: { type: 'operation', id: operation.id },
    severity: 'warning',
    after: { ...input },
  }));
}
