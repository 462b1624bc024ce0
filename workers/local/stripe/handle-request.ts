import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from '@hono/zod-openapi';
import { control } from '../stand-in/control.ts';
import { FAULT_HEADER, type Faults } from '../stand-in/faults.ts';
import { headerOf, passFault, readBody, sendJson, sendPage } from '../stand-in/http.ts';
import type { Account } from './account/account.ts';
import { advanceAccountClock } from './account/clock.ts';
import type { Api } from './http/api.ts';
import { StripeFailure } from './http/errors.ts';
import { answerPage } from './pages/pages.ts';
import { type StripeDeliveries, stripeDeliveryFaults } from './webhooks/stripe-deliveries.ts';

const settingsSchema = z.strictObject({
  retryAfterDays: z.array(z.int().min(1).max(60)).max(10).optional(),
  afterRetries: z.enum(['cancel', 'unpaid', 'past_due']).optional(),
  draftSeconds: z
    .int()
    .min(0)
    .max(72 * 3_600)
    .optional(),
});

/** Everything that a request can reach. */
export interface StandIn {
  account: Account;
  api: Api;
  faults: Faults;
  deliveries: StripeDeliveries;
  secretKey: string;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const body = await readBody(request);
  if (body === undefined) throw StripeFailure.invalid('The body is too large.');
  return body;
}

function sendFailure(response: ServerResponse, status: number): void {
  const type = status === 429 ? 'rate_limit_error' : 'api_error';
  sendJson(response, status, { error: { type, message: 'as asked' } }, { 'stripe-should-retry': 'true' });
}

function hasKey({ secretKey }: StandIn, { pathname }: URL, request: IncomingMessage): boolean {
  const authorization = headerOf(request, 'authorization') ?? '';
  const isStream = pathname === '/v2/billing/meter_event_stream';
  return authorization === `Bearer ${secretKey}` || (isStream && authorization.startsWith('Bearer token_'));
}

async function answerApi(
  standIn: StandIn,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  if (!hasKey(standIn, url, request)) {
    const error = { type: 'invalid_request_error', message: 'Invalid API Key provided.' };
    return sendJson(response, 401, { error });
  }
  const fault = standIn.faults.take(
    { method: request.method, path: url.pathname },
    headerOf(request, FAULT_HEADER),
  );
  const breaksDown = fault !== undefined && 'status' in fault && fault.status === 500;
  if (!breaksDown && !(await passFault(fault, request, (status) => sendFailure(response, status)))) return;
  const {
    status,
    body: answer,
    headers,
  } = standIn.api.answer({
    method: request.method ?? '',
    path: url.pathname,
    query: url.search.slice(1),
    body,
    idempotencyKey: headerOf(request, 'idempotency-key'),
    breaksDown,
  });
  if (fault !== undefined && 'loseAnswer' in fault) request.socket.destroy();
  else
    sendJson(response, status, answer, {
      ...headers,
      'stripe-version': headerOf(request, 'stripe-version') ?? '',
    });
}

async function answerOther(
  standIn: StandIn,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const isControl = url.pathname.startsWith('/stand-in/');
  const posted = request.method === 'POST';
  if (isControl) {
    const answer = await control(
      {
        ...standIn,
        settingsSchema,
        deliveryFaultsSchema: stripeDeliveryFaults,
        advanceClock: (seconds) => advanceAccountClock(standIn.account, seconds),
      },
      `${request.method} ${url.pathname}`,
      posted && body ? JSON.parse(body) : {},
    );
    return sendJson(
      response,
      answer ? 200 : 404,
      answer ?? { message: 'see the README for the calls under /stand-in/' },
    );
  }
  const form = posted ? Object.fromEntries(new URLSearchParams(body)) : undefined;
  const page = await answerPage(standIn.account, url.pathname, form);
  if (page) sendPage(response, page);
  else sendJson(response, 404, { message: 'pages are at /, /checkout, /portal and /invoices' });
}

/** Answers the API under /v1 and /v2, the calls under /stand-in, and the pages. */
export async function handleRequest(
  standIn: StandIn,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  try {
    if (/^\/v[12]\//.test(url.pathname)) await answerApi(standIn, url, request, response);
    else await answerOther(standIn, url, request, response);
  } catch (error) {
    if (error instanceof StripeFailure) sendJson(response, error.status, { error: error.body });
    else if (error instanceof z.ZodError) sendJson(response, 422, { message: z.prettifyError(error) });
    else if (error instanceof SyntaxError) sendJson(response, 400, { message: 'the body is not JSON' });
    else sendJson(response, 500, { message: String(error) });
  }
}
