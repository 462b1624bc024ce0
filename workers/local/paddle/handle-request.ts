import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from '@hono/zod-openapi';
import { control } from '../stand-in/control.ts';
import { type Deliveries, deliveryFaultsSchema } from '../stand-in/deliveries.ts';
import { FAULT_HEADER, type Faults } from '../stand-in/faults.ts';
import { headerOf, passFault, readBody, sendJson, sendPage } from '../stand-in/http.ts';
import type { Account } from './account/account.ts';
import { advanceAccountClock } from './account/clock.ts';
import type { Event } from './account/stored.ts';
import type { Api } from './http/api.ts';
import { PaddleFailure } from './http/errors.ts';
import { answerPage } from './pages/pages.ts';

const settingsSchema = z.strictObject({
  retryAfterDays: z.array(z.int().min(1).max(60)).max(10).optional(),
  afterRetries: z.enum(['cancel', 'pause']).optional(),
  approvalSeconds: z.int().min(0).max(86_400).optional(),
});
const PAGES = /^\/(?:$|pay$|portal\/|invoices\/|credit-notes\/)/;

/** Everything that a request can reach. */
export interface StandIn {
  account: Account;
  api: Api;
  faults: Faults;
  deliveries: Deliveries<Event>;
  apiKey: string;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const body = await readBody(request);
  if (body === undefined) throw new PaddleFailure(413, 'request_body_too_large', 'The body is too large.');
  return body;
}

const sendError = (response: ServerResponse, { status, body }: PaddleFailure): void =>
  sendJson(response, status, { error: body }, status === 429 ? { 'retry-after': '1' } : {});

const faultOf = (status: number) =>
  new PaddleFailure(status, status === 429 ? 'too_many_requests' : 'service_unavailable', 'as asked');

async function answerApi(
  standIn: StandIn,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  if (headerOf(request, 'authorization')?.toLowerCase() !== `bearer ${standIn.apiKey}`.toLowerCase())
    throw new PaddleFailure(403, 'authentication_missing', 'The API key is missing or not valid.');
  const fault = standIn.faults.take(
    { method: request.method, path: url.pathname },
    headerOf(request, FAULT_HEADER),
  );
  if (!(await passFault(fault, request, (status) => sendError(response, faultOf(status))))) return;
  const answer = standIn.api.answer({ method: request.method ?? '', url, body });
  if (fault !== undefined && 'loseAnswer' in fault) request.socket.destroy();
  else if (answer.status === 204) response.writeHead(204).end();
  else sendJson(response, answer.status, answer.body);
}

async function answerControl(
  standIn: StandIn,
  call: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const controlled = {
    ...standIn,
    settingsSchema,
    deliveryFaultsSchema,
    advanceClock: (seconds: number) => advanceAccountClock(standIn.account, seconds),
  };
  const answer = await control(controlled, call, body ? JSON.parse(body) : {});
  sendJson(
    response,
    answer ? 200 : 404,
    answer ?? { message: 'see the README for the calls under /stand-in/' },
  );
}

async function answerBrowser(
  standIn: StandIn,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const form = request.method === 'POST' ? Object.fromEntries(new URLSearchParams(body)) : undefined;
  const answer = await answerPage(standIn.account, url, form);
  if (answer) sendPage(response, answer);
  else sendJson(response, 404, { message: 'pages are at /, /pay, /portal and /invoices' });
}

/** Answers the API, the calls under /stand-in, and the pages. */
export async function handleRequest(
  standIn: StandIn,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
  try {
    if (url.pathname.startsWith('/stand-in/'))
      await answerControl(standIn, `${request.method} ${url.pathname}`, request, response);
    else if (PAGES.test(url.pathname)) await answerBrowser(standIn, url, request, response);
    else await answerApi(standIn, url, request, response);
  } catch (error) {
    if (error instanceof PaddleFailure) sendError(response, error);
    else if (error instanceof z.ZodError) sendJson(response, 422, { message: z.prettifyError(error) });
    else if (error instanceof SyntaxError) sendJson(response, 400, { message: 'the body is not JSON' });
    else sendJson(response, 500, { message: String(error) });
  }
}
