import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { type Delivery, subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { type MailContent, renderMail } from '../../platform/mail/index.ts';
import { selectUser, userIdOfEmail } from '../users/index.ts';
import { createEmailChangeToken } from './email-change-tokens.ts';
import { emailChanged, emailChangeRequested } from './email-changes.events.ts';
import { newEmailOfChange, selectEmailChange, userIdOfChange } from './email-changes.queries.ts';
import { addressInUseMail, changeNoticeMail, confirmationMail, requestNoticeMail } from './mails.rules.ts';

interface ChangeEvent {
  emailChangeId: string;
}

/** The change as it is now, with its user and the user who has the new address; undefined when it was stopped or replaced. */
async function readChange(ctx: Ctx, changeId: string) {
  const [[change], [user], [holder]] = await ctx.read(
    (q) => [
      selectEmailChange(q, changeId),
      selectUser(q, userIdOfChange(changeId)),
      selectUser(q, userIdOfEmail(newEmailOfChange(changeId))),
    ],
    systemScope,
  );
  return change && user ? { change, user, holder } : undefined;
}

const send = (ctx: Ctx, to: string, content: MailContent, { id }: Delivery): Promise<void> =>
  ctx.ports.mailer.send({ to, ...renderMail(content), idempotencyKey: id }, ctx.trace);

async function sendConfirmation(ctx: Ctx, { emailChangeId }: ChangeEvent, delivery: Delivery): Promise<void> {
  const found = await readChange(ctx, emailChangeId);
  if (!found || found.change.confirmedAt) return;
  const { change, user, holder } = found;
  const content = holder
    ? addressInUseMail(holder.name)
    : confirmationMail(
        ctx.config.APP_URL,
        user.name,
        await createEmailChangeToken(ctx, change.id, 'confirm'),
      );
  await send(ctx, change.newEmail, content, delivery);
}

/** To the old address, if it was verified: to another one, mail of this user may go to anybody. */
const sendNotice =
  (write: typeof requestNoticeMail) =>
  async (ctx: Ctx, { emailChangeId }: ChangeEvent, delivery: Delivery): Promise<void> => {
    const found = await readChange(ctx, emailChangeId);
    if (!found?.change.oldEmailVerified) return;
    const { change, user } = found;
    const token = await createEmailChangeToken(ctx, change.id, 'stop');
    await send(ctx, change.oldEmail, write(ctx.config.APP_URL, user.name, change.newEmail, token), delivery);
  };

export const emailChangeSubscriptions: readonly Subscription[] = [
  subscribe(emailChangeRequested, 'email-changes.send-confirmation', sendConfirmation),
  subscribe(emailChangeRequested, 'email-changes.send-request-notice', sendNotice(requestNoticeMail)),
  subscribe(emailChanged, 'email-changes.send-change-notice', sendNotice(changeNoticeMail)),
];
