import type { Report } from './reports.queries.ts';
import type { ReportView } from './reports.schemas.ts';

/** A report as the API shows it. */
export const presentReport = (report: Report): ReportView => ({
  id: report.id,
  name: report.name,
  spec: report.spec,
  format: report.format,
  createdBy: report.createdBy,
  lastRunAt: report.lastRunAt?.toISOString() ?? null,
  lastOperationId: report.lastOperationId,
  createdAt: report.createdAt.toISOString(),
  updatedAt: report.updatedAt.toISOString(),
});
