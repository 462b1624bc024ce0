import { permits, requestErrors, type Permission } from '../../kernel/core/index.ts';
import { nextCronMoment, parseCron } from '../../kernel/recurrence/index.ts';
import { type Role, ROLE_PERMISSIONS, ROLES } from '../../identity/access/index.ts';
import type { RunOutcome } from './report-schedules.enums.ts';
import type { ReportSchedule } from './report-schedules.tables.ts';

/** Failed runs in a row after which a schedule pauses. */
export const MAX_FAILURES = 3;

/** The roles that have all of the permissions. */
export const rolesWith = (needed: readonly Permission[]): Role[] =>
  ROLES.filter((role) => needed.every((permission) => permits(ROLE_PERMISSIONS[role], permission)));

/** When a schedule runs next after a moment; null when there is no further date. */
export function nextRunOf(
  { cron, timeZone }: Pick<ReportSchedule, 'cron' | 'timeZone'>,
  afterMs: number,
): Date | null {
  const parsed = parseCron(cron);
  const next = parsed && nextCronMoment(parsed, timeZone, afterMs);
  return next === null ? null : new Date(next);
}

/** @throws AppError `request.invalid` naming each recipient that is not among the readers */
export function requireReaders(recipients: readonly string[], readers: readonly { userId: string }[]): void {
  const known = new Set(readers.map(({ userId }) => userId));
  const message = 'must be an active member of the organization who may see the report';
  const errors = recipients.flatMap((userId, at) =>
    known.has(userId) ? [] : [{ pointer: `/recipients/${at}`, message }],
  );
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}

/** The schedule after the end of a run. An active one pauses after too many failed runs. */
export function settledFields(
  { status, failures: before }: Pick<ReportSchedule, 'status' | 'failures'>,
  outcome: RunOutcome,
): Partial<ReportSchedule> {
  const failures = { succeeded: 0, failed: before + 1, cancelled: before }[outcome];
  const isTooMany = outcome === 'failed' && status === 'active' && failures >= MAX_FAILURES;
  return {
    runningOperationId: null,
    lastOutcome: outcome,
    failures,
    ...(isTooMany ? pausedFields('failures') : {}),
  };
}

export const pausedFields = (pauseReason: NonNullable<ReportSchedule['pauseReason']>) =>
  ({ status: 'paused', pauseReason, nextRunAt: null }) as const;
