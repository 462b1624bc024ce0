import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { requireSource } from './query-report.ts';
import { reportErrors } from './reports.errors.ts';
import {
  changeReport,
  deleteReportRow,
  insertReport,
  type Report,
  selectReports,
  selectSavedReport,
} from './reports.queries.ts';
import type { CreateReport, UpdateReport } from './reports.schemas.ts';

/** Lists the organization's reports, the oldest first. @throws AppError `auth.forbidden` without `analytics:read` */
export async function listReports(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<Report>> {
  requirePermission(ctx.actor, 'analytics:read');
  const page = { after: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectReports(q, ctx.organizationId, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** @throws AppError `reports.not_found`, or `auth.forbidden` without `analytics:read` */
export async function getReport(ctx: Ctx, reportId: string): Promise<Report> {
  requirePermission(ctx.actor, 'analytics:read');
  const [[found]] = await ctx.read((q) => [selectSavedReport(q, ctx.organizationId, reportId)]);
  if (!found) throw reportErrors.notFound();
  return found;
}

const targetOf = (report: Report) => ({ type: 'report', id: report.id });

/** Saves a report. @throws AppError `reports.too_many`, or `auth.forbidden` without `analytics:write` and the source's permission */
export function createReport(ctx: Ctx, { name, spec, format }: CreateReport): Promise<Report> {
  requirePermission(ctx.actor, 'analytics:write');
  requireSource(ctx, spec);
  const now = new Date(ctx.clock.now());
  const report: Report = {
    id: ctx.ids.create('report'),
    organizationId: ctx.organizationId,
    name,
    spec,
    format,
    createdBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
    lastRunAt: null,
    lastOperationId: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    write: (q) => insertReport(q, report),
    audit: { action: 'report.created', target: targetOf(report), after: { name, spec, format } },
    result: report,
  });
}

/** Changes the given fields of a report. @throws AppError `reports.not_found`, `request.stale` or `auth.forbidden` */
export async function updateReport(
  ctx: Ctx,
  reportId: string,
  input: UpdateReport,
  ifMatch: IfMatch,
): Promise<Report> {
  requirePermission(ctx.actor, 'analytics:write');
  const report = await getReport(ctx, reportId);
  requireVersion(report, ifMatch);
  requireSource(ctx, input.spec ?? report.spec);
  const set = { ...input, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeReport(q, report, set)],
    audit: { action: 'report.updated', target: targetOf(report), ...diffFields(report, input) },
    result: { ...report, ...set, version: report.version + 1 },
  });
}

/** Deletes a report; files of its runs stay until they expire. @throws AppError `reports.not_found` or `request.stale` */
export async function deleteReport(ctx: Ctx, reportId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'analytics:write');
  const report = await getReport(ctx, reportId);
  requireVersion(report, ifMatch);
  return ctx.commit({
    write: (q) => [deleteReportRow(q, report)],
    audit: { action: 'report.deleted', target: targetOf(report), before: { name: report.name } },
    result: undefined,
  });
}
