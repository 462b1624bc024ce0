import { createServer, request } from 'node:http';
import { listen, type LocalServer } from '../../../workers/local/listen.ts';

/** Puts a network's delay before a server: requests and answers each arrive `oneWayMs` later. */
export async function startDelayedProxy(url: string, oneWayMs: number): Promise<LocalServer> {
  const target = new URL(url);
  const delay = (work: () => void) => setTimeout(work, oneWayMs);
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () =>
      delay(() => {
        const { method, url: path, headers } = incoming;
        const forwarded = request(
          { host: target.hostname, port: target.port, method, path, headers },
          (reply) => {
            const parts: Buffer[] = [];
            reply.on('data', (part: Buffer) => parts.push(part));
            reply.on('end', () =>
              delay(() => answer.writeHead(reply.statusCode!, reply.headers).end(Buffer.concat(parts))),
            );
          },
        );
        forwarded.on('error', (error) => answer.destroy(error));
        forwarded.end(Buffer.concat(chunks));
      }),
    );
  });
  return listen(server, 0);
}
