import type { BreakerState, Trace } from '../../kernel/core/index.ts';

export interface Mail {
  /** One e-mail address. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same for every attempt at one mail, so that the provider sends it once; usually the delivery's id. */
  idempotencyKey: string;
}

export interface Mailer {
  /**
   * Sends one mail in one attempt; the outbox retries.
   * @param trace the trace it belongs to: `ctx.trace`
   * @throws MailRefused when a retry cannot succeed
   * @throws MailUnavailable when a retry may succeed
   * @throws AppError `server.unavailable` while the breaker is open
   */
  send(mail: Mail, trace?: Trace): Promise<void>;
  /** State of the circuit breaker, which readiness shows. */
  readonly state: BreakerState;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    mailer: Mailer;
  }
}
