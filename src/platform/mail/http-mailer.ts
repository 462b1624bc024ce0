import { type Clock, createBreaker } from '../../kernel/core/index.ts';
import { type Fetch, createTracedFetch } from '../observability/index.ts';
import { MailRefused, MailUnavailable } from './mail.errors.ts';
import type { Mail, Mailer } from './mail.ports.ts';

export interface HttpMailerOptions {
  /** Base URL of the mail API: mails are sent to `POST {url}/emails` as `{from, to, subject, text, html}`. */
  url: string;
  apiKey: string;
  from: string;
  clock: Clock;
  /** Milliseconds; default 10,000. */
  timeLimitMs?: number;
  fetch?: Fetch;
}

const TIME_LIMIT_MS = 10_000;
/** Client errors that may pass: request timeout, conflict of two attempts, too early, too many requests. */
const RETRYABLE_STATUSES = new Set([408, 409, 425, 429]);

/** An address with other characters is taken by mail servers with SMTPUTF8 (RFC 6531) alone. */
const ASCII = /^[\x21-\x7e]+$/;

/** The error holds neither the address nor the provider's response, because errors end up in logs and dead letters. */
function toMailError(status: number, to: string): Error {
  const need = ASCII.test(to) ? '' : ' for an address that needs SMTPUTF8';
  const message = `the mail provider answered ${status}${need}`;
  return status >= 400 && status < 500 && !RETRYABLE_STATUSES.has(status)
    ? new MailRefused(message)
    : new MailUnavailable(message);
}

/** Sends one mail. @throws MailRefused or MailUnavailable */
async function postMail(
  { url, apiKey, from, timeLimitMs = TIME_LIMIT_MS }: HttpMailerOptions,
  { idempotencyKey, to, subject, text, html }: Mail,
  send: Fetch,
): Promise<void> {
  let response: Response;
  try {
    response = await send(`${url.replace(/\/$/, '')}/emails`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${apiKey}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': idempotencyKey,
      },
      body: JSON.stringify({ from, to, subject, text, html }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimitMs),
    });
  } catch (cause) {
    throw new MailUnavailable('the mail provider did not answer', { cause });
  }
  await response.body?.cancel();
  if (!response.ok) throw toMailError(response.status, to);
}

/** Sends mails through an HTTP mail API, with a time limit and a circuit breaker. */
export function createHttpMailer(options: HttpMailerOptions): Mailer {
  const call: Fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const breaker = createBreaker({
    name: 'mail provider',
    clock: options.clock,
    failureThreshold: 5,
    openMs: 10_000,
    isFailure: (error) => error instanceof MailUnavailable,
  });
  return {
    get state() {
      return breaker.state;
    },
    send: (mail, trace) =>
      breaker.run(() => postMail(options, mail, trace ? createTracedFetch(trace, 'mail', call) : call)),
  };
}
