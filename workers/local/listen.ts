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

/** A server for programs and people on this machine: it refuses what a page of another site may have sent. */
export function createLocalServer(handle: RequestListener): Server {
  return createServer((request, response) => {
    if (!isFromAnotherSite(request)) return handle(request, response);
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
