import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { type Permission, requirePermission } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { defineOperation, type Operation } from '../../platform/operations/index.ts';
import { type Table, writeCsv, writeHtml, writePdf, writeXlsx } from '../../platform/tabular/index.ts';
import { getReport } from './manage-reports.ts';
import { computeReport, requireSource, SOURCE_PERMISSIONS } from './query-report.ts';
import { pageTableOf } from './report-page.rules.ts';
import { REPORT_FORMATS, type ReportFormat } from './reports.enums.ts';
import { noteRun, type Report } from './reports.queries.ts';
import type { ReportResult, RunReport } from './reports.schemas.ts';
import { reportSpecSchema } from './report-spec.schemas.ts';

const inputSchema = z.strictObject({
  name: z.string(),
  spec: reportSpecSchema,
  format: z.enum(REPORT_FORMATS),
});

/** A result for programs: names and units as in the API. */
const dataTableOf = (name: string, { columns, rows }: ReportResult): Table => ({
  title: name,
  subtitle: '',
  columns: columns.map((column) => column.name),
  rows,
});

const WRITERS: Record<
  ReportFormat,
  { type: string; write(name: string, result: ReportResult): string | Uint8Array }
> = {
  json: { type: 'application/json', write: (_name, result) => JSON.stringify(result) },
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    write: (name, result) => writeCsv(dataTableOf(name, result)),
  },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: (name, result) => writeXlsx(dataTableOf(name, result)),
  },
  html: { type: 'text/html; charset=utf-8', write: (name, result) => writeHtml(pageTableOf(name, result)) },
  pdf: { type: 'application/pdf', write: (name, result) => writePdf(pageTableOf(name, result)) },
};

/** Letters, digits and hyphens of a name, for a file. */
const fileName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\w]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .toLowerCase() || 'report';

type RunInput = z.output<typeof inputSchema>;

/**
 * An operation and its file are visible to users who may see the source, so each permission has its own kind of
 * operation.
 */
const defineReportRun = (kind: string, permission: Permission) =>
  defineOperation<RunInput>({
    kind,
    permission,
    input: inputSchema,
    async run(ctx, { name, spec, format }, run) {
      const { type, write } = WRITERS[format];
      const result = await computeReport(ctx, spec);
      await run.progress(50);
      await ctx.ports.objects.put(run.resultKey, write(name, result), { contentType: type });
      const day = run.operation.createdAt.toISOString().slice(0, 10);
      return { type, name: `${fileName(name)}-${day}.${format}` };
    },
  });

const RUNS = {
  'analytics:read': defineReportRun('report.run', 'analytics:read'),
  'usage:read': defineReportRun('report.run_usage', 'usage:read'),
  'audit:read': defineReportRun('report.run_audit', 'audit:read'),
};
export const reportRuns = Object.values(RUNS);

/**
 * A run of a report as it is now, with the parts of its commit.
 * @param requestedBy in whose name it runs; default: the actor
 */
export function planReportRun(ctx: Ctx, report: Report, format: ReportFormat, requestedBy?: string) {
  const { id, name, spec } = report;
  const kind = RUNS[SOURCE_PERMISSIONS[spec.source] ?? 'analytics:read'];
  const { operation, write, event } = kind.planOperation(ctx, { name, spec, format }, requestedBy);
  return {
    operation,
    write: (q: Queries) => [
      ...write(q),
      noteRun(q, report, { lastRunAt: operation.createdAt, lastOperationId: operation.id }),
    ],
    event,
    audit: {
      action: 'report.run',
      target: { type: 'report', id },
      after: { format, operationId: operation.id },
    },
  };
}

/**
 * Starts an operation that computes the report as it is now and writes it to a file.
 * @throws AppError `reports.not_found`, or `auth.forbidden` without `analytics:read` and the source's permission
 */
export async function runReport(ctx: Ctx, reportId: string, input: RunReport): Promise<Operation> {
  requirePermission(ctx.actor, 'analytics:read');
  const report = await getReport(ctx, reportId);
  requireSource(ctx, report.spec);
  const { operation, write, event, audit } = planReportRun(ctx, report, input.format ?? report.format);
  return ctx.commit({ write, audit, events: [event], result: operation });
}
