import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';

const BODY_LIMIT = 1024 * 1024;

/** An answer to a browser. */
export type PageAnswer = { html: string } | { redirect: string } | { pdf: Buffer };

/** The body as text; undefined when it is larger than 1 MiB. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @param body an object, or JSON as text */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

export function sendPage(response: ServerResponse, answer: PageAnswer): void {
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

export const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/**
 * Whether the request is to be answered, after the fault that was asked for.
 * @param sendFailure answers with a status as the provider does when it fails
 */
export async function passFault(
  fault: Fault | undefined,
  request: IncomingMessage,
  sendFailure: (status: number) => void,
): Promise<boolean> {
  if (fault === undefined || 'loseAnswer' in fault) return true;
  if ('delayMs' in fault) {
    await sleep(fault.delayMs);
    return true;
  }
  if ('drop' in fault) request.socket.destroy();
  else sendFailure(fault.status);
  return false;
}
