import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import { createLocalServer, listen, type LocalServer } from '../listen.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { renderMailPage } from './mail-page.ts';

/** How the catcher treats the next mail instead of accepting it at once. */
const behaviourSchema = z.union([
  z.strictObject({ status: z.int().min(400).max(599) }),
  z.strictObject({ delayMs: z.int().min(0).max(60_000) }),
  z.strictObject({ drop: z.literal(true) }),
]);
type Behaviour = z.infer<typeof behaviourSchema>;
const behavioursSchema = z.strictObject({ next: z.array(behaviourSchema).max(100) });

const mailSchema = z.object({
  from: z.string().min(3),
  to: z.union([
    z
      .string()
      .min(3)
      .transform((address) => [address]),
    z.array(z.string().min(3)).min(1).max(50),
  ]),
  subject: z.string(),
  text: z.string().default(''),
  html: z.string().default(''),
});

const BODY_LIMIT = 1024 * 1024;
const LONGEST_WAIT_SECONDS = 30;

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

async function receiveMail(
  request: IncomingMessage,
  response: ServerResponse,
  { inbox: mailbox, apiKey, behaviour }: { inbox: Mailbox; apiKey: string; behaviour: Behaviour | undefined },
): Promise<void> {
  const body = await readBody(request);
  if (request.headers.authorization !== `Bearer ${apiKey}`)
    return sendJson(response, 401, { message: 'the bearer key is not the one of this copy' });
  const mail = mailSchema.safeParse(body);
  if (!mail.success) return sendJson(response, 422, { message: z.prettifyError(mail.error) });
  if (behaviour && 'status' in behaviour)
    return sendJson(response, behaviour.status, { message: 'as asked' });
  if (behaviour && 'drop' in behaviour) {
    request.socket.destroy();
    return;
  }
  if (behaviour) await sleep(behaviour.delayMs);
  const key = request.headers['idempotency-key'];
  sendJson(response, 200, { id: mailbox.add(mail.data, typeof key === 'string' ? key : null) });
}

async function listMails(url: URL, response: ServerResponse, mailbox: Mailbox): Promise<void> {
  const to = url.searchParams.get('to') ?? undefined;
  const wait = Math.min(Number(url.searchParams.get('wait')) || 0, LONGEST_WAIT_SECONDS);
  sendJson(response, 200, { data: wait > 0 ? await mailbox.waitFor(to, wait) : mailbox.list(to) });
}

interface CatcherState {
  mailbox: Mailbox;
  apiKey: string;
  /** The treatment of the next mails, in order. */
  behaviours: Behaviour[];
}

async function setBehaviours(
  request: IncomingMessage,
  response: ServerResponse,
  state: CatcherState,
): Promise<void> {
  const parsed = behavioursSchema.safeParse(await readBody(request));
  if (!parsed.success) return sendJson(response, 422, { message: z.prettifyError(parsed.error) });
  state.behaviours = parsed.data.next;
  response.writeHead(204).end();
}

async function sendPage(response: ServerResponse, mailbox: Mailbox): Promise<void> {
  const page = await renderMailPage(mailbox.list());
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    })
    .end(page);
}

function sendMailOrNotFound(
  { method }: IncomingMessage,
  path: string,
  response: ServerResponse,
  mailbox: Mailbox,
): void {
  const isMailPath = method === 'GET' && path.startsWith('/mails/');
  const mail = isMailPath ? mailbox.find(path.slice('/mails/'.length)) : undefined;
  if (mail) return sendJson(response, 200, mail);
  sendJson(response, 404, { message: 'see GET /mails, GET /mails/{id}, POST /emails, POST /behaviour' });
}

async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  state: CatcherState,
): Promise<void> {
  const { mailbox, apiKey } = state;
  const url = new URL(request.url ?? '/', 'http://localhost');
  switch (`${request.method} ${url.pathname}`) {
    case 'POST /emails':
      return receiveMail(request, response, { inbox: mailbox, apiKey, behaviour: state.behaviours.shift() });
    case 'GET /mails':
      return listMails(url, response, mailbox);
    case 'DELETE /mails':
      mailbox.clear();
      response.writeHead(204).end();
      return;
    case 'POST /behaviour':
      return setBehaviours(request, response, state);
    case 'GET /':
      return sendPage(response, mailbox);
    default:
      return sendMailOrNotFound(request, url.pathname, response, mailbox);
  }
}

/**
 * Replaces the mail provider locally: accepts every mail, delivers none, and shows them over HTTP. `POST /behaviour` makes
 * it refuse, delay or drop the next mails.
 */
export function serveMailCatcher({ port, apiKey }: { port: number; apiKey: string }): Promise<LocalServer> {
  const state: CatcherState = { mailbox: createMailbox(), apiKey, behaviours: [] };
  const server = createLocalServer((request, response) => {
    handleRequest(request, response, state).catch((error: unknown) =>
      sendJson(response, 500, { message: String(error) }),
    );
  });
  return listen(server, port);
}
