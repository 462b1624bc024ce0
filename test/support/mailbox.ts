import { type Mail, type Mailer, MailRefused, MailUnavailable } from '../../src/platform/mail/index.ts';

export interface Mailbox extends Mailer {
  /** Every accepted mail, once for each idempotency key, oldest first. */
  readonly mails: Mail[];
  /** How many requests to send it received, whatever it answered. */
  readonly attempts: number;
  /** The newest mail to an address. @throws when there is none */
  latestTo(address: string): Mail;
  /** Fails the next `times` mails; `lost_answer` accepts the mail and fails nevertheless. */
  misbehave(fault: 'refuse' | 'unavailable' | 'lost_answer', times?: number): void;
}

/** A mail provider that keeps mails in memory, and fails on request. */
export function createMailbox(): Mailbox {
  const mails: Mail[] = [];
  const faults: ('refuse' | 'unavailable' | 'lost_answer')[] = [];
  let attempts = 0;
  return {
    mails,
    state: 'closed',
    get attempts() {
      return attempts;
    },
    async send(mail) {
      attempts++;
      const fault = faults.shift();
      if (fault === 'refuse') throw new MailRefused('the mail provider answered 422');
      if (fault === 'unavailable') throw new MailUnavailable('the mail provider answered 503');
      if (!mails.some((each) => each.idempotencyKey === mail.idempotencyKey)) mails.push(mail);
      if (fault === 'lost_answer') throw new MailUnavailable('the mail provider did not answer');
    },
    latestTo(address) {
      const mail = mails.findLast((each) => each.to === address);
      if (!mail) throw new Error(`no mail to ${address}`);
      return mail;
    },
    misbehave(fault, times = 1) {
      for (let i = 0; i < times; i++) faults.push(fault);
    },
  };
}
