import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SignedProxy {
  /** Where it listens, in place of the product. */
  url: string;
  close(): Promise<void>;
}

/** Passes requests on to the product with a credential, for programs that cannot send one. Everything else stays as it came. */
export async function openSignedProxy(api: string, credential: string): Promise<SignedProxy> {
  const { hostname, port } = new URL(api);
  const pass = (incoming: IncomingMessage, answer: ServerResponse) => {
    const passed = request(
      {
        hostname,
        port,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, authorization: `Bearer ${credential}` },
      },
      (received) => {
        answer.writeHead(received.statusCode!, received.headers);
        received.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    incoming.pipe(passed);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
