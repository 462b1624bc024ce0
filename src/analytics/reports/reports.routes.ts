import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { acceptedReply, acceptedResponse } from '../../platform/operations/index.ts';
import { createReport, deleteReport, getReport, listReports, updateReport } from './manage-reports.ts';
import { queryReport } from './query-report.ts';
import { reportErrors } from './reports.errors.ts';
import { presentReport } from './reports.present.ts';
import {
  createReportSchema,
  reportExample,
  reportPageSchema,
  reportParamsSchema,
  reportResultSchema,
  reportSchema,
  resultExample,
  runReportSchema,
  specExample,
  updateReportSchema,
} from './reports.schemas.ts';
import { reportSpecSchema } from './report-spec.schemas.ts';
import { runReport } from './run-report.ts';

const tag = 'Reports';
const listPath = '/api/v1/analytics/reports';
const path = `${listPath}/{reportId}`;
const readAccess = { kind: 'permission', permission: 'analytics:read' } as const;
const writeAccess = { kind: 'permission', permission: 'analytics:write' } as const;
const success = (description: string) => ({ description, schema: reportSchema, example: reportExample });
const auditSource = 'The source `audit` needs `audit:read` as well.';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    analytics: 'read' | 'write';
  }
}

export const reportRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/analytics/queries',
    operationId: 'queryAnalytics',
    tag,
    summary: 'Query analytics',
    description:
      'Computes a report about calls, participants, usage, costs or the audit log at once, without saving it. ' +
      auditSource,
    access: readAccess,
    limit: 'api',
    body: { schema: reportSpecSchema, example: specExample },
    success: { 200: { description: 'The rows', schema: reportResultSchema, example: resultExample } },
    errors: [reportErrors.tooLarge],
    handle: (ctx, { body }) => queryReport(ctx, body),
    respond: (result) => ok(result),
  }),
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createReport',
    tag,
    summary: 'Create a report',
    description:
      'Saves a report under a name, so that it can be run again. An organization has at most 500 reports. ' +
      auditSource,
    access: writeAccess,
    limit: 'api',
    body: {
      schema: createReportSchema,
      example: { name: 'Guests by region', spec: specExample, format: 'xlsx' },
    },
    idempotent: true,
    success: { 201: success('The report') },
    errors: [reportErrors.tooMany],
    handle: (ctx, { body }) => createReport(ctx, body),
    respond: (report) => created(presentReport(report), `${listPath}/${report.id}`, report.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listReports',
    tag,
    summary: 'List reports',
    description: "Lists the organization's reports, the oldest first.",
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of reports',
        schema: reportPageSchema,
        example: { data: [reportExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listReports(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentReport), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getReport',
    tag,
    summary: 'Get a report',
    description: 'Returns a report of the organization, with the operation of its last run.',
    access: readAccess,
    limit: 'api',
    params: reportParamsSchema,
    success: { 200: success('The report') },
    errors: [reportErrors.notFound],
    handle: (ctx, { params }) => getReport(ctx, params.reportId),
    respond: (report) => ok(presentReport(report), report.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateReport',
    tag,
    summary: 'Update a report',
    description: `Changes a report; fields that are left out keep their value, and \`spec\` is replaced as a whole. ${auditSource}`,
    access: writeAccess,
    limit: 'api',
    params: reportParamsSchema,
    body: { schema: updateReportSchema, example: { name: 'Guests by continent' } },
    concurrency: true,
    success: { 200: success('The updated report') },
    errors: [reportErrors.notFound],
    handle: (ctx, { params, body, ifMatch }) => updateReport(ctx, params.reportId, body, ifMatch),
    respond: (report) => ok(presentReport(report), report.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteReport',
    tag,
    summary: 'Delete a report',
    description: 'Deletes a report. Files of its runs stay until they expire.',
    access: writeAccess,
    limit: 'api',
    params: reportParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The report is deleted' } },
    errors: [reportErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteReport(ctx, params.reportId, ifMatch),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${path}/runs`,
    operationId: 'runReport',
    tag,
    summary: 'Run a report',
    description: `Starts an operation that computes the report and writes a file, which can be downloaded for 24 hours. ${auditSource}`,
    access: readAccess,
    limit: 'api',
    params: reportParamsSchema,
    body: { schema: runReportSchema, example: { format: 'csv' } },
    idempotent: true,
    success: acceptedResponse,
    errors: [reportErrors.notFound],
    handle: (ctx, { params, body }) => runReport(ctx, params.reportId, body),
    respond: acceptedReply,
  }),
];
