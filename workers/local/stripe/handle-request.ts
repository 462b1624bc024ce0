import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import type { Account } from './account/account.ts';
import { control } from './control.ts';
import type { Api } from './http/api.ts';
import { StripeFailure } from './http/errors.ts';
import { type Fault, FAULT_HEADER, type Faults } from './http/faults.ts';
import { answerPage, type PageAnswer } from './pages/pages.ts';
import type { Deliveries } from './webhooks/deliveries.ts';

const BODY_LIMIT = 1024 * 1024;

/** Everything that a request can reach. */
export interface StandIn {
  account: Account;
  api: Api;
  faults: Faults;
  deliveries: Deliveries;
  secretKey: string;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw StripeFailure.invalid('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

function sendPage(response: ServerResponse, answer: PageAnswer): void {
  if ('redirect' in answer) response.writeHead(303, { location: answer.redirect }).end();
  else if ('pdf' in answer) response.writeHead(200, { 'content-type': 'application/pdf' }).end(answer.pdf);
  else
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      })
      .end(answer.html);
}

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Whether the request is to be answered, after the fault that was asked for. */
async function passFault(
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (fault === undefined || 'loseAnswer' in fault) return true;
  if ('delayMs' in fault) {
    await sleep(fault.delayMs);
    return true;
  }
  if ('drop' in fault) request.socket.destroy();
  else {
    const type = fault.status === 429 ? 'rate_limit_error' : 'api_error';
    sendJson(
      response,
      fault.status,
      { error: { type, message: 'as asked' } },
      { 'stripe-should-retry': 'true' },
    );
  }
  return false;
}

async function answerApi(
  standIn: StandIn,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const authorization = headerOf(request, 'authorization') ?? '';
  const isStream = url.pathname === '/v2/billing/meter_event_stream';
  if (
    authorization !== `Bearer ${standIn.secretKey}` &&
    !(isStream && authorization.startsWith('Bearer token_'))
  ) {
    const error = { type: 'invalid_request_error', message: 'Invalid API Key provided.' };
    return sendJson(response, 401, { error });
  }
  const fault = standIn.faults.take(url.pathname, headerOf(request, FAULT_HEADER));
  if (!(await passFault(fault, request, response))) return;
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
  const body = await readBody(request);
  const isControl = url.pathname.startsWith('/stand-in/');
  const posted = request.method === 'POST';
  if (isControl) {
    const answer = await control(
      standIn,
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
