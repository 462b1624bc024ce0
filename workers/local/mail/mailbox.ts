/** A mail as `POST /emails` accepts it. */
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
  /** Stores a mail. A repeated idempotency key returns the id of the first and stores nothing. */
  add(mail: IncomingMail, idempotencyKey: string | null): string;
  /** Lists mails, newest first; those to one address if it is given. */
  list(to?: string): CaughtMail[];
  /** Lists mails as `list` does, and waits for the first one, at most the given time. */
  waitFor(to: string | undefined, seconds: number): Promise<CaughtMail[]>;
  find(id: string): CaughtMail | undefined;
  clear(): void;
}

const MAX_MAILS = 500;

/** The last mails, in memory. */
class MemoryMailbox implements Mailbox {
  #mails: CaughtMail[] = [];
  #count = 0;
  readonly #waiting = new Set<() => void>();

  list(to?: string): CaughtMail[] {
    const address = to?.toLowerCase();
    return address === undefined ? this.#mails : this.#mails.filter((mail) => mail.to.includes(address));
  }

  add(mail: IncomingMail, idempotencyKey: string | null): string {
    const existing =
      idempotencyKey === null
        ? undefined
        : this.#mails.find((each) => each.idempotencyKey === idempotencyKey);
    if (existing) return existing.id;
    const to = mail.to.map((address) => address.toLowerCase());
    const id = `mail_${++this.#count}`;
    const caught = { ...mail, to, id, receivedAt: new Date().toISOString(), idempotencyKey };
    this.#mails = [caught, ...this.#mails].slice(0, MAX_MAILS);
    for (const wake of this.#waiting) wake();
    return id;
  }

  waitFor(to: string | undefined, seconds: number): Promise<CaughtMail[]> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(resolveIfReady);
        resolve(this.list(to));
      };
      const resolveIfReady = () => {
        if (this.list(to).length > 0) finish();
      };
      const timer = setTimeout(finish, seconds * 1000);
      this.#waiting.add(resolveIfReady);
      resolveIfReady();
    });
  }

  find(id: string): CaughtMail | undefined {
    return this.#mails.find((mail) => mail.id === id);
  }

  clear(): void {
    this.#mails = [];
  }
}

export const createMailbox = (): Mailbox => new MemoryMailbox();
