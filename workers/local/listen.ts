import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalServer {
  url: string;
  port: number;
  close(): Promise<void>;
}

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a page of another site may have sent the request. Browsers send an `Origin` with every POST and WebSocket that
 * they let pages send anywhere without a preflight; programs send none. A name other than this machine's is that of a
 * site whose DNS answers with a loopback address, which would make its pages readers of whatever is served here.
 */
export function isFromAnotherSite({ headers: { host, origin } }: IncomingMessage): boolean {
  const hostname = /^(?:\[.*\]|[^:]*)/.exec(host ?? '')?.[0].toLowerCase() ?? '';
  return origin !== undefined || !LOOPBACK_HOSTS.has(hostname);
}

/** Whether a page of the server itself sent the request. */
const isFromOwnPage = ({ headers: { host, origin } }: IncomingMessage): boolean =>
  origin === `http://${host}`;

/** The request as one without an `Origin`: only its host is judged. */
const withoutOrigin = (request: IncomingMessage) =>
  ({ headers: { ...request.headers, origin: undefined } }) as IncomingMessage;

/**
 * A server for programs and people on this machine: it refuses requests that a page of another site may have sent.
 * @param options.hasForms its own pages have forms, which send an `Origin` too
 */
export function createLocalServer(handle: RequestListener, { hasForms = false } = {}): Server {
  return createServer((request, response) => {
    const isOwn = hasForms && isFromOwnPage(request) && !isFromAnotherSite(withoutOrigin(request));
    if (isOwn || !isFromAnotherSite(request)) return handle(request, response);
    response
      .writeHead(403, { 'content-type': 'application/json', connection: 'close' })
      .end(JSON.stringify({ message: 'only for this machine, and not for pages of other sites' }));
  });
}

/** Listens on this machine alone; port 0 takes a free one. */
export async function listen(server: Server, port: number): Promise<LocalServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const boundPort = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${boundPort}`,
    port: boundPort,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
