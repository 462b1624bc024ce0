import type { Ctx } from '../../kernel/context/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { budgetOnPlan, MAIL_BUDGETS, type MailContent, sendMails } from '../../platform/mail/index.ts';
import { permissionsOf, selectSavedReport } from '../reports/index.ts';
import type { PauseReason, RunOutcome } from './report-schedules.enums.ts';
import {
  type Reader,
  selectAdministrators,
  selectOperationOf,
  selectReaders,
  selectReadingRecipients,
  selectSchedule,
} from './report-schedules.queries.ts';
import { rolesWith } from './report-schedules.rules.ts';
import { MAX_RECIPIENTS } from './report-schedules.schemas.ts';
import { failedMail, pausedMail, readyMail } from './schedule-mail.rules.ts';

/** Sends each reader with a confirmed address a mail, as long as the organization's mails of the day are not used up. */
async function sendAll(
  ctx: Ctx,
  readers: readonly Reader[],
  delivery: Delivery,
  write: (reader: Reader) => MailContent,
): Promise<void> {
  const mails = readers
    .filter(({ emailVerified }) => emailVerified)
    .map((reader) => ({
      to: reader.email,
      content: write(reader),
      key: `${delivery.id}.${reader.userId}`,
    }));
  const budget = budgetOnPlan(MAIL_BUDGETS.reportMails, readers[0]?.plan ?? null);
  await sendMails(ctx, mails, { kind: 'report', budget });
}

/** The users who have to look after a schedule: its owner while they may see the report, else owners and administrators. */
async function readResponsible(ctx: Ctx, reportId: string) {
  const { organizationId } = ctx;
  const [[report], [schedule], administrators] = await ctx.read((q) => [
    selectSavedReport(q, organizationId, reportId),
    selectSchedule(q, { organizationId, reportId }),
    selectAdministrators(q, organizationId, MAX_RECIPIENTS),
  ]);
  if (!report || !schedule) return undefined;
  const roles = rolesWith(permissionsOf(report.spec.source));
  const [owner] = await ctx.read((q) => [
    selectReaders(q, organizationId, schedule.ownerId ? [schedule.ownerId] : [], roles),
  ]);
  return { report, readers: owner.length > 0 ? owner : administrators };
}

/**
 * Mails a link to the file to the recipients who may see the report now, and the first failure in a row to the users
 * who look after the schedule. No mail is sent when the report was deleted since, or its file has expired.
 */
export async function sendRunMail(
  ctx: Ctx,
  payload: { reportId: string; operationId: string; outcome: RunOutcome; failures: number },
  delivery: Delivery,
): Promise<void> {
  const { reportId, operationId, outcome, failures } = payload;
  const { organizationId } = ctx;
  if (outcome === 'failed' && failures === 1) {
    const found = await readResponsible(ctx, reportId);
    const [[operation]] = await ctx.read((q) => [selectOperationOf(q, organizationId, operationId)]);
    const reason = operation?.errorCode ?? 'server.internal';
    if (found)
      await sendAll(ctx, found.readers, delivery, (reader) => failedMail(found.report.name, reader, reason));
    return;
  }
  if (outcome !== 'succeeded') return;
  const key = { organizationId, reportId };
  const [[report], [operation]] = await ctx.read((q) => [
    selectSavedReport(q, organizationId, reportId),
    selectOperationOf(q, organizationId, operationId),
  ]);
  if (!report || !operation?.expiresAt || operation.expiresAt.getTime() <= ctx.clock.now()) return;
  const roles = rolesWith([...permissionsOf(report.spec.source), operation.permission]);
  const [recipients] = await ctx.read((q) => [selectReadingRecipients(q, key, roles)]);
  const link = new URL(`/reports/${reportId}/runs/${operationId}`, ctx.config.APP_URL).href;
  const until = `${operation.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  await sendAll(ctx, recipients, delivery, (reader) => readyMail(report.name, reader, { link, until }));
}

/** Mails the users who look after a schedule that it was paused. */
export async function sendPauseMail(
  ctx: Ctx,
  { reportId, reason }: { reportId: string; reason: Exclude<PauseReason, 'requested'> },
  delivery: Delivery,
): Promise<void> {
  const found = await readResponsible(ctx, reportId);
  if (found)
    await sendAll(ctx, found.readers, delivery, (reader) => pausedMail(found.report.name, reader, reason));
}
