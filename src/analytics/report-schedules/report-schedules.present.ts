import type { ReportSchedule } from './report-schedules.tables.ts';
import type { ScheduleView } from './report-schedules.schemas.ts';

/** A schedule with its recipients as the API shows it. */
export const presentSchedule = (schedule: ReportSchedule, recipients: readonly string[]): ScheduleView => ({
  reportId: schedule.reportId,
  cron: schedule.cron,
  timeZone: schedule.timeZone,
  format: schedule.format,
  recipients: [...recipients],
  ownerId: schedule.ownerId,
  status: schedule.status,
  pauseReason: schedule.pauseReason,
  nextRunAt: schedule.nextRunAt?.toISOString() ?? null,
  lastRunAt: schedule.lastRunAt?.toISOString() ?? null,
  lastOperationId: schedule.lastOperationId,
  lastOutcome: schedule.lastOutcome,
  failures: schedule.failures,
  createdAt: schedule.createdAt.toISOString(),
  updatedAt: schedule.updatedAt.toISOString(),
});
