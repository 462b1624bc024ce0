import { type Ctx, requireUser } from '../../kernel/context/index.ts';
import { requestErrors, requirePermission } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import {
  permissionsOf,
  reportErrors,
  type SourceName,
  requireSource,
  selectSavedReport,
} from '../reports/index.ts';
import { scheduleErrors } from './report-schedules.errors.ts';
import { presentSchedule } from './report-schedules.present.ts';
import {
  deleteScheduleRow,
  replaceSchedule,
  selectReaders,
  selectRecipients,
  selectSchedule,
  selectTimeZone,
} from './report-schedules.queries.ts';
import type { ReportSchedule } from './report-schedules.tables.ts';
import { nextRunOf, requireReaders, rolesWith } from './report-schedules.rules.ts';
import type { ScheduleView, SetSchedule } from './report-schedules.schemas.ts';

/** @throws AppError `report_schedules.not_found`, or `auth.forbidden` without `analytics:read` */
export async function getSchedule(ctx: Ctx, reportId: string): Promise<ScheduleView> {
  requirePermission(ctx.actor, 'analytics:read');
  const key = { organizationId: ctx.organizationId, reportId };
  const [[schedule], recipients] = await ctx.read((q) => [selectSchedule(q, key), selectRecipients(q, key)]);
  if (!schedule) throw scheduleErrors.notFound();
  return presentSchedule(
    schedule,
    recipients.map(({ userId }) => userId),
  );
}

/** The earlier schedule with the new settings; earlier failures are forgotten. */
const withInput = (
  ctx: Ctx,
  input: SetSchedule & { timeZone: string; reportId: string; ownerId: string },
  before: ReportSchedule | undefined,
): ReportSchedule => {
  const now = new Date(ctx.clock.now());
  const { cron, timeZone, format = null, status, reportId, ownerId } = input;
  return {
    lastRunAt: null,
    lastOperationId: null,
    lastOutcome: null,
    runningOperationId: null,
    createdAt: now,
    ...before,
    organizationId: ctx.organizationId,
    reportId,
    cron,
    timeZone,
    format,
    ownerId,
    status,
    pauseReason: status === 'paused' ? 'requested' : null,
    nextRunAt: status === 'paused' ? null : nextRunOf({ cron, timeZone }, now.getTime()),
    failures: 0,
    updatedAt: now,
    version: (before?.version ?? 0) + 1,
  };
};

/**
 * Sets when a report runs, and replaces an earlier schedule. It runs in the name of the user who sets it.
 * @throws AppError `reports.not_found`; `request.invalid` for a recipient without access to the report, or without a
 * date in the future; `auth.forbidden` without `analytics:write` and the source's permission, and for an API key
 */
export async function setSchedule(ctx: Ctx, reportId: string, input: SetSchedule): Promise<ScheduleView> {
  requirePermission(ctx.actor, 'analytics:write');
  const { userId: ownerId } = requireUser(ctx);
  const { organizationId } = ctx;
  const key = { organizationId, reportId };
  const readersOf = (q: Queries, source: SourceName) =>
    selectReaders(q, organizationId, input.recipients, rolesWith(permissionsOf(source)));
  const [[report], [before], [zone], calls, participants, usage, costs, audit] = await ctx.read((q) => [
    selectSavedReport(q, organizationId, reportId),
    selectSchedule(q, key),
    selectTimeZone(q, organizationId),
    readersOf(q, 'calls'),
    readersOf(q, 'participants'),
    readersOf(q, 'usage'),
    readersOf(q, 'costs'),
    readersOf(q, 'audit'),
  ]);
  if (!report) throw reportErrors.notFound();
  requireSource(ctx, report.spec);
  requireReaders(input.recipients, { calls, participants, usage, costs, audit }[report.spec.source]);
  const timeZone = input.timeZone ?? zone!.timeZone;
  const schedule = withInput(ctx, { ...input, timeZone, reportId, ownerId }, before);
  if (schedule.status === 'active' && !schedule.nextRunAt)
    throw requestErrors.invalid({
      errors: [{ pointer: '/cron', message: 'must name a date in the future' }],
    });
  const { cron, format, status } = schedule;
  return ctx.commit({
    write: (q) => replaceSchedule(q, schedule, input.recipients),
    audit: {
      action: 'report_schedule.set',
      target: { type: 'report', id: reportId },
      after: { cron, timeZone, format, status, recipients: input.recipients },
    },
    result: presentSchedule(schedule, input.recipients),
  });
}

/**
 * Deletes the schedule of a report; a run that has begun ends, and no mail follows.
 * @throws AppError `report_schedules.not_found`, or `auth.forbidden` without `analytics:write`
 */
export async function deleteSchedule(ctx: Ctx, reportId: string): Promise<void> {
  requirePermission(ctx.actor, 'analytics:write');
  const key = { organizationId: ctx.organizationId, reportId };
  const [[schedule]] = await ctx.read((q) => [selectSchedule(q, key)]);
  if (!schedule) throw scheduleErrors.notFound();
  return ctx.commit({
    write: (q) => [deleteScheduleRow(q, key)],
    audit: {
      action: 'report_schedule.deleted',
      target: { type: 'report', id: reportId },
      before: { cron: schedule.cron, timeZone: schedule.timeZone },
    },
    result: undefined,
  });
}
