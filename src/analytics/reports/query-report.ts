import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, type Permission, requirePermission } from '../../kernel/core/index.ts';
import { askedRange, presentRange, selectRange } from '../rollups/index.ts';
import { selectReport } from './compile-report.queries.ts';
import { sourceOf } from './report-fields.rules.ts';
import type { ReportSpec } from './report-spec.schemas.ts';
import { reportErrors } from './reports.errors.ts';
import type { ReportResult } from './reports.schemas.ts';

/** The columns of a report: first the dimensions, then the measures. */
function columnsOf({ source, dimensions, measures }: ReportSpec): ReportResult['columns'] {
  const fields = sourceOf(source);
  return [
    ...dimensions.map((name) => ({ name, role: 'dimension' as const, type: fields.dimensions[name]!.type })),
    ...measures.map((name) => ({ name, role: 'measure' as const, type: fields.measures[name]!.type })),
  ];
}

/** A statement that was cancelled because it took longer than a statement may. */
const isStatementTimeout = (error: unknown): boolean =>
  error instanceof AppError &&
  error.cause instanceof Error &&
  (error.cause as { code?: unknown }).code === '57014';

/** The permissions for a source beside `analytics:read`: those for the figures themselves. */
export const SOURCE_PERMISSIONS = {
  calls: undefined,
  participants: undefined,
  usage: 'usage:read',
  costs: 'usage:read',
  audit: 'audit:read',
} as const satisfies Record<ReportSpec['source'], Permission | undefined>;

/** All permissions that are needed to see a source. */
export function permissionsOf(source: ReportSpec['source']): readonly Permission[] {
  const own = SOURCE_PERMISSIONS[source];
  return own === undefined ? ['analytics:read'] : ['analytics:read', own];
}

/** Whether the actor may see the source. @throws AppError `auth.forbidden` */
export function requireSource(ctx: Ctx, { source }: Pick<ReportSpec, 'source'>): void {
  for (const permission of permissionsOf(source)) requirePermission(ctx.actor, permission);
}

/**
 * Computes a report over the organization of the context, in one round trip, within the time limit of a statement.
 * @throws AppError `reports.too_large` when it takes longer
 */
export async function computeReport(ctx: Ctx, spec: ReportSpec): Promise<ReportResult> {
  const now = new Date(ctx.clock.now());
  const request = { organizationId: ctx.organizationId, asked: askedRange(spec), now };
  const columns = columnsOf(spec);
  try {
    const [[range], found] = await ctx.read((q) => [selectRange(q, request), selectReport(q, request, spec)]);
    const rows = found.map(({ row }) => columns.map(({ name }) => row[name] ?? null));
    return {
      range: presentRange(range!),
      columns,
      rows: rows.slice(0, spec.limit),
      truncated: rows.length > spec.limit,
    };
  } catch (error) {
    if (isStatementTimeout(error))
      throw reportErrors.tooLarge({ detail: 'use a shorter range, or fewer dimensions', cause: error });
    throw error;
  }
}

/** Computes a report without saving it. @throws AppError `reports.too_large`, or without permission `auth.forbidden` */
export async function queryReport(ctx: Ctx, spec: ReportSpec): Promise<ReportResult> {
  requireSource(ctx, spec);
  return computeReport(ctx, spec);
}
