import type { IncomingMessage, ServerResponse } from 'node:http';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { createLocalServer, isFromAnotherSite, listen } from '../listen.ts';
import type { DatabaseBackend, SqlQuery } from './backend.ts';

/** The body of a request: one statement, or several for one transaction. */
export interface SqlRequest {
  query?: string;
  params?: unknown[];
  queries?: SqlQuery[];
}

/** The error fields of Postgres that Neon's protocol passes on. */
const ERROR_FIELDS = [
  'severity',
  'code',
  'detail',
  'hint',
  'position',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'routine',
] as const;

async function readSqlRequest(request: IncomingMessage): Promise<SqlRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as SqlRequest;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/**
 * Answers one request of Neon's protocol over HTTP: the rows, or the failure as Postgres describes it.
 * @param header a header of the request by its lower-case name
 */
export async function answerSql(
  backend: DatabaseBackend,
  body: SqlRequest,
  header: (name: string) => unknown,
): Promise<{ status: number; body: unknown }> {
  const queries = body.queries ?? [{ query: body.query ?? '', params: body.params ?? [] }];
  const isolationLevel = header('neon-batch-isolation-level');
  const readOnly = header('neon-batch-read-only') === 'true';
  try {
    const results = await backend.run(queries, {
      ...(typeof isolationLevel === 'string' ? { isolationLevel } : {}),
      readOnly,
    });
    const raw = results.map((result) => ({ ...result, rowAsArray: true }));
    return { status: 200, body: body.queries ? { results: raw } : raw[0] };
  } catch (error) {
    const fields = error as Record<string, unknown>;
    const message = error instanceof Error ? error.message : String(error);
    const known = ERROR_FIELDS.filter((field) => fields[field] !== undefined);
    return {
      status: 400,
      body: { message, ...Object.fromEntries(known.map((each) => [each, fields[each]])) },
    };
  }
}

async function handleRequest(
  backend: DatabaseBackend,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/sql')
    return sendJson(response, 404, { message: 'POST /sql or a WebSocket at /v2' });
  const sent = await readSqlRequest(request);
  const { status, body } = await answerSql(backend, sent, (name) => request.headers[name]);
  sendJson(response, status, body);
}

export interface DatabaseEndpoint {
  url: string;
  port: number;
  close(): Promise<void>;
}

/**
 * Speaks Neon's protocol over HTTP (`POST /sql`) and WebSocket (`/v2`) in front of any Postgres, so that the Worker
 * uses the same driver here as in production. Port 0 takes a free one.
 */
export async function serveDatabase(backend: DatabaseBackend, port: number): Promise<DatabaseEndpoint> {
  const server = createLocalServer((request, response) => {
    handleRequest(backend, request, response).catch((error: unknown) =>
      sendJson(response, 400, { message: String(error) }),
    );
  });
  const sockets = new WebSocketServer({
    server,
    path: '/v2',
    verifyClient: ({ req }: { req: IncomingMessage }) => !isFromAnotherSite(req),
  });
  sockets.on('connection', (socket) => backend.relay(createWebSocketStream(socket)));
  const local = await listen(server, port);
  return {
    ...local,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await local.close();
      await backend.close();
    },
  };
}
