import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { permissionsOf, planReportRun, selectSavedReport } from '../reports/index.ts';
import type { PauseReason, RunOutcome } from './report-schedules.enums.ts';
import { scheduledRunEnded, schedulePaused } from './report-schedules.events.ts';
import {
  changeSchedule,
  selectDueSchedules,
  selectEndedRuns,
  selectReaders,
  selectReadingRecipients,
  selectSchedule,
} from './report-schedules.queries.ts';
import type { ReportSchedule } from './report-schedules.tables.ts';
import { nextRunOf, pausedFields, rolesWith, settledFields } from './report-schedules.rules.ts';

const SCHEDULES_PER_RUN = 100;

interface EndedRun {
  id: string;
  operationId: string;
  status: string | null;
}

const auditOfPause = ({ reportId }: ReportSchedule, reason: PauseReason) => ({
  action: 'report_schedule.paused',
  target: { type: 'report', id: reportId },
  after: { reason },
});

/** Notes how a run ended. An operation that is no longer stored counts as failed. */
async function settleRun(ctx: Ctx, { id, operationId, status }: EndedRun): Promise<boolean> {
  const [[schedule]] = await ctx.read((q) => [
    selectSchedule(q, { organizationId: ctx.organizationId, reportId: id }),
  ]);
  if (schedule?.runningOperationId !== operationId) return false;
  const outcome = (status ?? 'failed') as RunOutcome;
  const set = settledFields(schedule, outcome);
  const isPaused = set.status === 'paused';
  const failures = set.failures!;
  await ctx.commit({
    write: (q) => [changeSchedule(q, schedule, set)],
    audit: isPaused ? [auditOfPause(schedule, 'failures')] : [],
    events: [
      scheduledRunEnded.of({ reportId: id, operationId, outcome, failures }),
      ...(isPaused ? [schedulePaused.of({ reportId: id, reason: 'failures' })] : []),
    ],
    result: undefined,
  });
  return true;
}

async function pauseSchedule(
  ctx: Ctx,
  schedule: ReportSchedule,
  reason: 'owner' | 'recipients',
): Promise<void> {
  const set = { ...pausedFields(reason), updatedAt: new Date(ctx.clock.now()) };
  await ctx.commit({
    write: (q) => [changeSchedule(q, schedule, set)],
    audit: auditOfPause(schedule, reason),
    events: [schedulePaused.of({ reportId: schedule.reportId, reason })],
    result: undefined,
  });
}

/**
 * Starts the run of a due schedule, once: the schedule's next date and the operation are one commit, which fails when
 * the schedule has changed since. Missed dates are not made up for. A schedule whose owner or recipients may no longer
 * see the report pauses instead.
 */
async function startRun(ctx: Ctx, reportId: string): Promise<boolean> {
  const { organizationId } = ctx;
  const key = { organizationId, reportId };
  const nowMs = ctx.clock.now();
  const [[schedule], [report]] = await ctx.read((q) => [
    selectSchedule(q, key),
    selectSavedReport(q, organizationId, reportId),
  ]);
  const isDue = schedule?.nextRunAt && schedule.nextRunAt.getTime() <= nowMs && !schedule.runningOperationId;
  if (!schedule || !report || !isDue) return false;
  const roles = rolesWith(permissionsOf(report.spec.source));
  const { ownerId } = schedule;
  const [owners, recipients] = await ctx.read((q) => [
    selectReaders(q, organizationId, ownerId ? [ownerId] : [], roles),
    selectReadingRecipients(q, key, roles),
  ]);
  if (!ownerId || owners.length === 0) await pauseSchedule(ctx, schedule, 'owner');
  else if (recipients.length === 0) await pauseSchedule(ctx, schedule, 'recipients');
  else {
    const run = planReportRun(ctx, report, schedule.format ?? report.format, ownerId);
    const { id: operationId, createdAt } = run.operation;
    const nextRunAt = nextRunOf(schedule, nowMs);
    const set = {
      nextRunAt,
      runningOperationId: operationId,
      lastOperationId: operationId,
      lastRunAt: createdAt,
    };
    await ctx.commit({
      write: (q) => [changeSchedule(q, schedule, set), ...run.write(q)],
      audit: run.audit,
      events: [run.event],
      result: undefined,
    });
  }
  return true;
}

/** Scheduled each minute: notes the runs that have ended, and starts those that are due. */
export async function runReportSchedules(
  services: Services,
): Promise<{ ended: SweepOutcome; started: SweepOutcome }> {
  const { clock, database } = services;
  const [endedRuns] = await database.read(systemScope, (q) => [selectEndedRuns(q, SCHEDULES_PER_RUN)]);
  const ended = await runSweep(services, 'report_schedules.settle', endedRuns, settleRun);
  const [due] = await database.read(systemScope, (q) => [
    selectDueSchedules(q, new Date(clock.now()), SCHEDULES_PER_RUN),
  ]);
  const started = await runSweep(services, 'report_schedules.start', due, (ctx, { id }) => startRun(ctx, id));
  return { ended, started };
}
