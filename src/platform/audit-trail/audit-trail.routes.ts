import { type ChainReport, verifyChain } from '../audit-chain/index.ts';
import { defineRoute, ok, type Route } from '../http/index.ts';
import { acceptedReply, acceptedResponse } from '../operations/index.ts';
import { startAuditExport } from './export-audit-logs.ts';
import { presentAuditLog } from './audit-trail.present.ts';
import { getAuditLog, listAuditLogs, getAuditStats } from './read-audit-logs.ts';
import { auditErrors } from './audit-trail.errors.ts';
import {
  auditLogExample,
  auditLogPageSchema,
  auditLogParamsSchema,
  auditLogQuerySchema,
  auditLogSchema,
  exportRequestSchema,
  statsQuerySchema,
  statsSchema,
} from './audit-trail.schemas.ts';
import { type AuditVerificationView, verifyQuerySchema, verifyReportSchema } from './verification.schemas.ts';
import { statsExample, verifyExample } from './audit-trail.examples.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    audit: 'read' | 'export';
  }
}

const tag = 'Audit';
const path = '/api/v1/audit';
const readAccess = { kind: 'permission', permission: 'audit:read' } as const;

function presentVerification({ checkpoint, ...report }: ChainReport): AuditVerificationView {
  return {
    ...report,
    checkpoint: checkpoint && {
      seq: checkpoint.seq,
      headHash: checkpoint.headHash,
      keyId: checkpoint.keyId,
      statement: checkpoint.signature,
      createdAt: checkpoint.createdAt.toISOString(),
    },
  };
}

export const auditRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: `${path}/logs`,
    operationId: 'listAuditLogs',
    tag,
    summary: 'List audit entries',
    description: 'Lists the audit entries of the organization, newest first. All filters apply together.',
    access: readAccess,
    limit: 'api',
    query: auditLogQuerySchema,
    success: {
      200: {
        description: 'A page of audit entries.',
        schema: auditLogPageSchema,
        example: { data: [auditLogExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listAuditLogs(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentAuditLog), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/logs/stats`,
    operationId: 'readAuditLogStats',
    tag,
    summary: 'Get audit statistics',
    description:
      'Counts the audit entries of the organization by severity, action, actor, target and time, over at most 92 days, weeks or months. All times are UTC; weeks start on Monday.',
    access: readAccess,
    limit: 'api',
    query: statsQuerySchema,
    success: { 200: { description: 'The counts.', schema: statsSchema, example: statsExample } },
    handle: (ctx, { query }) => getAuditStats(ctx, query),
    respond: ({ buckets, recentCritical, ...stats }) =>
      ok({
        ...stats,
        buckets: buckets.map(({ startsAt, count }) => ({ startsAt: startsAt.toISOString(), count })),
        recentCritical: recentCritical.map(presentAuditLog),
      }),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/logs/export`,
    operationId: 'exportAuditLogs',
    tag,
    summary: 'Export audit entries',
    description:
      'Starts an operation that writes the audit entries of a time range as CSV, JSON lines or a signed bundle. A bundle contains the hash chain, checkpoints and public keys, so that it can be verified offline. The export is recorded as an audit entry.',
    access: { kind: 'permission', permission: 'audit:export' },
    limit: 'api',
    body: { schema: exportRequestSchema, example: { format: 'bundle', from: '2026-01-01T00:00:00Z' } },
    idempotent: true,
    success: acceptedResponse,
    handle: (ctx, { body }) => startAuditExport(ctx, body),
    respond: acceptedReply,
  }),
  defineRoute({
    method: 'get',
    path: `${path}/logs/{auditLogId}`,
    operationId: 'getAuditLog',
    tag,
    summary: 'Get an audit entry',
    description: 'Returns one audit entry of the organization.',
    access: readAccess,
    limit: 'api',
    params: auditLogParamsSchema,
    success: { 200: { description: 'The audit entry.', schema: auditLogSchema, example: auditLogExample } },
    errors: [auditErrors.notFound],
    handle: (ctx, { params }) => getAuditLog(ctx, params.auditLogId),
    respond: (entry) => ok(presentAuditLog(entry)),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/verify`,
    operationId: 'verifyAuditChain',
    tag,
    summary: 'Verify the audit chain',
    description:
      'Recomputes the hash chain of the audit log and compares it with the signed checkpoints. Checks at most 20,000 entries per request: when `complete` is false, continue with `fromSeq` set to `toSeq` + 1.',
    access: readAccess,
    limit: 'api',
    query: verifyQuerySchema,
    success: {
      200: {
        description: 'The result of the verification.',
        schema: verifyReportSchema,
        example: verifyExample,
      },
    },
    timeLimitSeconds: 60,
    roundTrips: { max: 42, reason: 'walks along the chain, 500 entries per round trip' },
    handle: (ctx, { query }) => verifyChain(ctx, query.fromSeq),
    respond: (report) => ok(presentVerification(report)),
  }),
];
