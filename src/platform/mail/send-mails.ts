import type { Ctx } from '../../kernel/context/index.ts';
import { mapSettled, PermanentFailure, sha256Hex } from '../../kernel/core/index.ts';
import type { LimitRule } from '../http/index.ts';
import { takeMailOfOrganization } from './mail-budgets.ts';
import { type MailKind, mailsSent } from './mail.events.ts';
import { type MailContent, renderMail } from './render-mail.ts';

/** A mail that an organization sends. */
export interface OutgoingMail {
  /** One e-mail address. */
  to: string;
  content: MailContent;
  /** The same for every attempt at this mail; of two with one key the provider sends one. */
  key: string;
}

interface MailBatch {
  kind: MailKind;
  /** The user who caused the mails; null when no user did. */
  causedBy?: string | null;
  /** The most mails that the organization may send; further ones are left out. */
  budget?: LimitRule;
}

/** Notes which mails were sent: what is counted as usage. Their keys may name a recipient, so that only a hash is kept. */
async function noteSent(ctx: Ctx, { kind, causedBy = null }: MailBatch, keys: string[]): Promise<void> {
  if (keys.length === 0) return;
  const hashes = await Promise.all(keys.map(sha256Hex));
  const sentAt = new Date(ctx.clock.now()).toISOString();
  await ctx.commit({
    write: () => [],
    events: [mailsSent.of({ kind, causedBy, sentAt, keys: hashes })],
    result: undefined,
  });
}

/**
 * Sends mails of the organization, in one attempt each. A repetition sends and counts none of them twice, because of their keys.
 * @throws what the mail provider said, when an attempt failed that can be repeated; otherwise PermanentFailure
 */
export async function sendMails(ctx: Ctx, mails: readonly OutgoingMail[], batch: MailBatch): Promise<void> {
  const { kind, budget } = batch;
  const sent: string[] = [];
  const outcomes = await mapSettled(mails, async ({ to, content, key }) => {
    if (budget && !(await takeMailOfOrganization(ctx, ctx.organizationId, budget)).admitted)
      return ctx.log.warn('mails.left_out', { kind, budget: budget.name });
    await ctx.ports.mailer.send({ to, ...renderMail(content), idempotencyKey: key }, ctx.trace);
    sent.push(key);
  });
  await noteSent(ctx, batch, sent);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // An address that is refused for good must not keep the others from their next attempt.
  const failure = failures.find((reason) => !(reason instanceof PermanentFailure)) ?? failures[0];
  if (failure) throw failure;
}
