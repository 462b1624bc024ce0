export type { SourceName } from './report-fields.rules.ts';
export { permissionsOf, requireSource } from './query-report.ts';
export { REPORT_FORMATS } from './reports.enums.ts';
export { reportErrors } from './reports.errors.ts';
export { selectSavedReport } from './reports.queries.ts';
export { planReportRun } from './run-report.ts';
