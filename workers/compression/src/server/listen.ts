import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { finished } from 'node:stream';
import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { createAuthorizer } from './authorize.ts';
import type { ObjectExchange } from './object-exchange.ts';

/** A raw frame of 4096 × 2304 pixels in I420 and what surrounds it. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const MAX_CONNECTIONS = 512;
const MAX_STREAMS_OF_CONNECTION = 64;
/** Requests of all connections; each may hold a message in memory. */
const MAX_OPEN_REQUESTS = 128;
/** Memory of one connection, in the unit of Node's option; above it new streams are refused. */
const SESSION_MEMORY_MB = 96;
/** Bytes that a stream may send before they are read, and a connection before Node reads: less than a frame would cost round trips for each. */
const WINDOW_BYTES = 2 * 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 8 * 1024 * 1024;
/** A connection that has not said within this time which protocol it speaks is closed. */
const PREFACE_MS = 5_000;

export interface ServerOptions {
  host: string;
  port: number;
  secrets: readonly string[];
  idleSeconds: number;
  routes: (router: ConnectRouter) => void;
  /** Undefined: objects are not exchanged over HTTP. */
  objects: ObjectExchange | undefined;
  /** Why no new work is taken; undefined: it is. */
  refusal: () => string | undefined;
}

export interface RunningServer {
  port: number;
  /** Takes no more connections; resolves when the open requests have ended, or after `withinMs`. */
  drain(withinMs: number): Promise<void>;
}

type Request = http.IncomingMessage | http2.Http2ServerRequest;
type Response = http.ServerResponse | http2.Http2ServerResponse;
type Handler = (request: Request, response: Response) => void;

function answerJson(response: Response, status: number, body: object): void {
  const plain = response as http.ServerResponse;
  plain.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  plain.end(JSON.stringify(body));
}

/** Answers health and readiness, and passes on what authorized callers ask for while there is room. */
function createHandler(options: ServerOptions, open: Set<Response>): Handler {
  const isAuthorized = createAuthorizer(options.secrets);
  const call = connectNodeAdapter({ routes: options.routes, readMaxBytes: MAX_MESSAGE_BYTES }) as Handler;
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const refusal = options.refusal();
    if (path === '/health') return answerJson(response, 200, { status: 'ok' });
    if (path === '/ready')
      return answerJson(response, refusal ? 503 : 200, { status: refusal ? 'unavailable' : 'ok', refusal });
    if (!isAuthorized(request.headers.authorization))
      return answerJson(response, 401, {
        code: 'unauthenticated',
        message: 'the secret is missing or wrong',
      });
    const unavailable =
      refusal ?? (open.size >= MAX_OPEN_REQUESTS ? 'too many requests are open' : undefined);
    if (unavailable) return answerJson(response, 503, { code: 'unavailable', message: unavailable });
    open.add(response);
    finished(response as http.ServerResponse, () => open.delete(response));
    if (!options.objects?.takes(path)) return call(request, response);
    options.objects.answer(path, request as http.IncomingMessage, response as http.ServerResponse);
  };
}

/** HTTP/1.1 and HTTP/2 on the same cleartext port: the first bytes decide. */
function dispatch(socket: net.Socket, servers: { h1: http.Server; h2: http2.Http2Server }): void {
  socket.setTimeout(PREFACE_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  const sniff = () => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return;
    socket.off('readable', sniff);
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    socket.unshift(bytes);
    const isHttp2 = bytes.subarray(0, 3).equals(Buffer.from('PRI'));
    (isHttp2 ? servers.h2 : servers.h1).emit('connection', socket);
  };
  socket.on('readable', sniff);
}

/** Starts to listen. @throws when the port is taken */
export async function listen(options: ServerOptions): Promise<RunningServer> {
  const open = new Set<Response>();
  const sockets = new Set<net.Socket>();
  const handler = createHandler(options, open);
  const h1 = http.createServer({ requestTimeout: options.idleSeconds * 1_000 }, handler);
  h1.timeout = options.idleSeconds * 1_000;
  const settings = { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: MAX_STREAMS_OF_CONNECTION };
  const h2 = http2.createServer({ settings, maxSessionMemory: SESSION_MEMORY_MB }, handler);
  h2.on('session', (session) => session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
  h2.on('sessionError', () => undefined); // the session is destroyed by Node
  h2.on('stream', (stream) =>
    stream.setTimeout(options.idleSeconds * 1_000, () => stream.close(http2.constants.NGHTTP2_CANCEL)),
  );
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    dispatch(socket, { h1, h2 });
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as net.AddressInfo).port,
    async drain(withinMs) {
      server.close();
      const end = Date.now() + withinMs;
      while (open.size > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
      for (const socket of sockets) socket.destroy();
    },
  };
}
