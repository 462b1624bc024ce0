/** A mail as `POST /emails` takes it. */
export interface IncomingMail {
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
}

export interface CaughtMail extends IncomingMail {
  id: string;
  receivedAt: string;
  idempotencyKey: string | null;
}

export interface Mailbox {
  /** Keeps a mail; the same idempotency key again gives the id it had and keeps nothing. */
  add(mail: IncomingMail, idempotencyKey: string | null): string;
  /** Newest first; of one address when given. */
  list(to?: string): CaughtMail[];
  /** The same, once there is at least one, or after the time. */
  waitFor(to: string | undefined, seconds: number): Promise<CaughtMail[]>;
  find(id: string): CaughtMail | undefined;
  clear(): void;
}

const MAX_MAILS = 500;

/** The last mails, in memory. */
export function createMailbox(): Mailbox {
  let mails: CaughtMail[] = [];
  let count = 0;
  const waiting = new Set<() => void>();

  const list: Mailbox['list'] = (to) => {
    const address = to?.toLowerCase();
    return address === undefined ? mails : mails.filter((mail) => mail.to.includes(address));
  };

  return {
    list,
    add(mail, idempotencyKey) {
      const existing =
        idempotencyKey === null ? undefined : mails.find((each) => each.idempotencyKey === idempotencyKey);
      if (existing) return existing.id;
      const to = mail.to.map((address) => address.toLowerCase());
      const id = `mail_${++count}`;
      mails = [{ ...mail, to, id, receivedAt: new Date().toISOString(), idempotencyKey }, ...mails].slice(
        0,
        MAX_MAILS,
      );
      for (const wake of waiting) wake();
      return id;
    },
    waitFor: (to, seconds) =>
      new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          waiting.delete(resolveIfReady);
          resolve(list(to));
        };
        const resolveIfReady = () => {
          if (list(to).length > 0) finish();
        };
        const timer = setTimeout(finish, seconds * 1000);
        waiting.add(resolveIfReady);
        resolveIfReady();
      }),
    find: (id) => mails.find((mail) => mail.id === id),
    clear() {
      mails = [];
    },
  };
}
