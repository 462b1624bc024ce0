import { z } from '@hono/zod-openapi';
import { AppError, type Breaker, isError } from '../../../kernel/core/index.ts';
import type { Micros } from '../../../kernel/money/index.ts';
import type { Fetch } from '../../../platform/observability/index.ts';
import { providerErrors } from '../index.ts';

const PADDLE_URL = 'https://api.paddle.com';
/** A change that collects a payment takes Paddle some seconds. */
const TIME_LIMIT_MS = 8_000;

export interface PaddleClientOptions {
  apiKey: string;
  /** An address in place of Paddle's. */
  apiUrl: string | undefined;
  breaker: Breaker;
  fetcher: Fetch;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * Sends one request. It is not repeated automatically, because Paddle has no idempotency keys.
 * @param schema the part of the response's `data` that is read
 */
export type PaddleCall = <T>(
  request: `${Method} /${string}`,
  schema: z.ZodType<T>,
  body?: object,
) => Promise<{ data: T; next: string | null }>;

/** Paddle's response to a request that it refused. */
class PaddleRefusal extends Error {
  override readonly name = 'PaddleRefusal';
  readonly code: string;
  constructor(status: number, code: string) {
    super(`Paddle answered ${status} ${code}`);
    this.code = code;
  }
}

const failureSchema = z.object({ error: z.object({ code: z.string() }) });
const answerSchema = z.object({
  data: z.unknown(),
  meta: z.object({
    pagination: z.object({ next: z.string().nullish(), has_more: z.boolean() }).optional(),
  }),
});

/** Whether the breaker counts an error: a missing answer or a failure of Paddle, not a justified refusal. */
export const isPaddleFailure = (error: unknown): boolean =>
  isError(error, providerErrors.providerUnavailable);

/** The code of a refusal; undefined for every other error. */
export const refusalCode = (error: unknown): string | undefined => {
  const cause = error instanceof AppError ? error.details.cause : undefined;
  return cause instanceof PaddleRefusal ? cause.code : undefined;
};

/** @returns undefined when Paddle says that there is no such object */
export async function findOrUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (refusalCode(error) === 'not_found') return undefined;
    throw error;
  }
}

/** The least that Paddle collects at once; it refuses a smaller change or charge. */
export const LEAST_CHARGE: Micros = 700_000n;
const TOO_SMALL = [
  'subscription_update_transaction_balance_less_than_charge_limit',
  'transaction_balance_less_than_charge_limit',
];
const LEAST_TEXT =
  'the provider collects at least 0.70 USD: make a larger change, or wait for the next period';

/** Limits of a subscription for an hour or a day: repeating the request after seconds is useless. */
const TOO_OFTEN = /^subscription_immediate_charge_.*limit_exceeded$/;
const TOO_OFTEN_TEXT =
  'the provider charges a subscription at most 20 times an hour and 100 times a day: buy several seats at once, or try again later';

/**
 * Statuses that do not concern the request itself: a wrong key, too many requests, a conflict of simultaneous requests.
 */
const isTransient = (status: number) => status >= 500 || [401, 403, 408, 425, 429].includes(status);

function toError(status: number, text: string): AppError {
  const parsed = failureSchema.safeParse(parseJson(text));
  const code = parsed.success ? parsed.data.error.code : String(status);
  const cause = new PaddleRefusal(status, code);
  if (TOO_OFTEN.test(code)) return providerErrors.providerRefused({ detail: TOO_OFTEN_TEXT, cause });
  if (isTransient(status)) return providerErrors.providerUnavailable({ cause });
  if (TOO_SMALL.includes(code)) return providerErrors.chargeTooSmall({ detail: LEAST_TEXT, cause });
  if (code === 'subscription_payment_declined') return providerErrors.paymentFailed({ cause });
  return providerErrors.providerRefused({ detail: `the reason is ${code}`, cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function send(
  { apiKey, apiUrl, fetcher }: PaddleClientOptions,
  request: string,
  body: object | undefined,
): Promise<{ response: Response; text: string }> {
  const [method = '', path = ''] = request.split(' ');
  try {
    const response = await fetcher(`${(apiUrl ?? PADDLE_URL).replace(/\/$/, '')}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${apiKey}`,
        'Content-Type': 'application/json',
        'Paddle-Version': '1',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    return { response, text: await response.text() };
  } catch (cause) {
    throw providerErrors.providerUnavailable({ cause });
  }
}

/** Creates the function that sends requests to Paddle, through its breaker. */
export function createPaddleClient(options: PaddleClientOptions): PaddleCall {
  return (request, schema, body) =>
    options.breaker.run(async () => {
      const { response, text } = await send(options, request, body);
      if (!response.ok) throw toError(response.status, text);
      if (response.status === 204) return { data: schema.parse(undefined), next: null };
      const answer = answerSchema.safeParse(parseJson(text));
      const data = schema.safeParse(answer.data?.data);
      const failed = answer.error ?? data.error;
      if (failed) throw providerErrors.providerUnavailable({ cause: failed });
      const { pagination } = answer.data!.meta;
      return { data: data.data!, next: pagination?.has_more ? (pagination.next ?? null) : null };
    });
}

const MAX_PAGES = 100;

/** Everything on a list, from page to page. */
export async function readAll<T>(call: PaddleCall, path: `/${string}`, schema: z.ZodType<T>): Promise<T[]> {
  const rows: T[] = [];
  let at = path;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { data, next } = await call(`GET ${at}`, z.array(schema));
    rows.push(...data);
    if (next === null) return rows;
    const { pathname, search } = new URL(next);
    at = `${pathname as `/${string}`}${search}`;
  }
  throw new Error(`Paddle's list ${path} has more than ${MAX_PAGES} pages`);
}
