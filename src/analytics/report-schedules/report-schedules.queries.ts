import { and, asc, eq, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Permission } from '../../kernel/core/index.ts';
import { changeVersionedBy, mustChange, type Queries } from '../../kernel/db/index.ts';
import type { Role } from '../../identity/access/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { operations } from '../../platform/operations/operations.tables.ts';
import { reportErrors } from '../reports/index.ts';
import { reports } from '../reports/reports.tables.ts';
import { scheduleErrors } from './report-schedules.errors.ts';
import { reportRecipients, reportSchedules, type ReportSchedule } from './report-schedules.tables.ts';

type ScheduleKey = Pick<ReportSchedule, 'organizationId' | 'reportId'>;

const isSchedule = ({ organizationId, reportId }: ScheduleKey) =>
  and(eq(reportSchedules.organizationId, organizationId), eq(reportSchedules.reportId, reportId));

export const selectSchedule = (q: Queries, key: ScheduleKey) =>
  q.select().from(reportSchedules).where(isSchedule(key));

const isRecipientOf = ({ organizationId, reportId }: ScheduleKey) =>
  and(eq(reportRecipients.organizationId, organizationId), eq(reportRecipients.reportId, reportId));

export const selectRecipients = (q: Queries, key: ScheduleKey) =>
  q
    .select({ userId: reportRecipients.userId })
    .from(reportRecipients)
    .where(isRecipientOf(key))
    .orderBy(asc(reportRecipients.userId));

/** Active members of an organization that is not deleted, with one of the roles; each with the organization. */
const selectActive = (q: Queries, organizationId: string, roles: readonly Role[], condition?: SQL) =>
  q
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      emailVerified: users.emailVerified,
      organizationName: organizations.name,
      plan: organizations.plan,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.status, 'active'),
        inArray(members.role, [...roles]),
        isNull(organizations.deletedAt),
        condition,
      ),
    );
export type Reader = Awaited<ReturnType<typeof selectActive>>[number];

/** Those of the users who are active members with one of the roles. */
export const selectReaders = (
  q: Queries,
  organizationId: string,
  userIds: readonly string[],
  roles: readonly Role[],
) =>
  selectActive(
    q,
    organizationId,
    roles,
    userIds.length > 0 ? inArray(members.userId, [...userIds]) : sql`false`,
  );

/** A report's recipients, as far as they are active members with one of the roles. */
export function selectReadingRecipients(q: Queries, key: ScheduleKey, roles: readonly Role[]) {
  const recipients = q
    .select({ id: reportRecipients.userId })
    .from(reportRecipients)
    .where(isRecipientOf(key));
  return selectActive(q, key.organizationId, roles, inArray(members.userId, recipients)).orderBy(
    asc(members.id),
  );
}

/** Owners and administrators, owners first. */
export const selectAdministrators = (q: Queries, organizationId: string, limit: number) =>
  selectActive(q, organizationId, ['owner', 'admin'])
    .orderBy(sql`${members.role} = 'owner' desc`, asc(members.id))
    .limit(limit);

/** The time zone of the organization's settings. */
export const selectTimeZone = (q: Queries, organizationId: string) =>
  q
    .select({ timeZone: sql<string>`coalesce(${organizations.settings}->>'timeZone', 'UTC')` })
    .from(organizations)
    .where(eq(organizations.id, organizationId));

/**
 * Stores a schedule with its recipients, and replaces an existing one. The report's row is locked, so that it is not
 * deleted at the same time; the commit fails with `reports.not_found` when it is gone.
 */
export function replaceSchedule(q: Queries, row: ReportSchedule, recipients: readonly string[]) {
  const { organizationId, reportId } = row;
  const report = q
    .select({ id: reports.id })
    .from(reports)
    .where(and(eq(reports.organizationId, organizationId), eq(reports.id, reportId)))
    .for('key share');
  const { cron, timeZone, format, ownerId, status, pauseReason, nextRunAt, failures, updatedAt } = row;
  const set = { cron, timeZone, format, ownerId, status, pauseReason, nextRunAt, failures, updatedAt };
  return [
    mustChange(q, report, reportErrors.notFound),
    q
      .insert(reportSchedules)
      .values(row)
      .onConflictDoUpdate({
        target: reportSchedules.reportId,
        set: { ...set, version: sql`${reportSchedules.version} + 1` },
      }),
    q.delete(reportRecipients).where(isRecipientOf(row)),
    q.insert(reportRecipients).values(recipients.map((userId) => ({ organizationId, reportId, userId }))),
  ];
}

/** Deletes a schedule; the commit fails with `report_schedules.not_found` when there is none. */
export const deleteScheduleRow = (q: Queries, key: ScheduleKey) =>
  mustChange(
    q,
    q.delete(reportSchedules).where(isSchedule(key)).returning({ id: reportSchedules.reportId }),
    scheduleErrors.notFound,
  );

/**
 * Changes a schedule that was not set, started or settled since it was read; otherwise the commit fails with
 * `request.stale`.
 */
export const changeSchedule = (q: Queries, schedule: ReportSchedule, set: Partial<ReportSchedule>) =>
  changeVersionedBy(q, reportSchedules, { key: isSchedule(schedule), version: schedule.version }, set);

/** Schedules whose run has ended and was not noted yet; its result is null when the operation is no longer stored. */
export const selectEndedRuns = (q: Queries, limit: number) =>
  q
    .select({
      organizationId: reportSchedules.organizationId,
      id: reportSchedules.reportId,
      operationId: sql<string>`${reportSchedules.runningOperationId}`,
      status: operations.status,
    })
    .from(reportSchedules)
    .leftJoin(operations, eq(operations.id, reportSchedules.runningOperationId))
    .where(
      and(
        isNotNull(reportSchedules.runningOperationId),
        or(isNull(operations.id), inArray(operations.status, ['succeeded', 'failed', 'cancelled'])),
      ),
    )
    .orderBy(asc(reportSchedules.lastRunAt))
    .limit(limit);

/** Schedules that are due and have no current run, the longest due first; none of a deleted organization. */
export const selectDueSchedules = (q: Queries, now: Date, limit: number) =>
  q
    .select({ organizationId: reportSchedules.organizationId, id: reportSchedules.reportId })
    .from(reportSchedules)
    .innerJoin(organizations, eq(organizations.id, reportSchedules.organizationId))
    .where(
      and(
        lte(reportSchedules.nextRunAt, now),
        isNull(reportSchedules.runningOperationId),
        isNull(organizations.deletedAt),
      ),
    )
    .orderBy(asc(reportSchedules.nextRunAt), asc(reportSchedules.reportId))
    .limit(limit);

/** The state of an operation that ran a report. */
export const selectOperationOf = (q: Queries, organizationId: string, operationId: string) =>
  q
    .select({
      permission: sql<Permission>`${operations.permission}`,
      errorCode: operations.errorCode,
      expiresAt: operations.expiresAt,
    })
    .from(operations)
    .where(and(eq(operations.organizationId, organizationId), eq(operations.id, operationId)));
