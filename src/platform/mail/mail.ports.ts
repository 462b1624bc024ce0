import type { BreakerState, Trace } from '../../kernel/core/index.ts';

export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same for every attempt at the same mail, so that the provider sends it once: usually the delivery's id. */
  idempotencyKey: string;
}

export interface Mailer {
  /**
   * Hands one mail to the provider, in one attempt: the outbox tries again.
   * @param trace the trace it belongs to: `ctx.trace`
   * @throws MailRefused when trying again would change nothing
   * @throws MailUnavailable when it may pass
   * @throws AppError `server.unavailable` while the breaker is open
   */
  send(mail: Mail, trace?: Trace): Promise<void>;
  /** Whether the provider is being called, as readiness shows it. */
  readonly state: BreakerState;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    mailer: Mailer;
  }
}
