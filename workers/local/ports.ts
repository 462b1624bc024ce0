import { createServer } from 'node:net';
import { CommandError } from './command-error.ts';

export const DEFAULT_PORT = 8787;

/** Every port of a running copy, counted from the API's, so that copies some ports apart do not collide. */
export function derivePorts(api: number) {
  return {
    api,
    mails: api + 1,
    database: api + 2,
    inspector: api + 3,
    livekit: api + 4,
    livekitUdp: api + 5,
    payments: api + 6,
    redis: api + 7,
    storage: api + 8,
    compression: api + 9,
    streams: api + 10,
    ingress: api + 11,
    whip: api + 12,
    speech: api + 13,
    calls: api + 14,
    captions: api + 15,
  };
}

export type LocalPorts = ReturnType<typeof derivePorts>;

/** @throws CommandError when the text is not a port that leaves room for the others */
export function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_000)
    throw new CommandError(`PORT must be a number from 1 to 65000, not ${JSON.stringify(text)}`);
  return port;
}

function findListenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** @throws CommandError naming the first port that something else listens on */
export async function requireFreePorts(ports: LocalPorts): Promise<void> {
  for (const [name, port] of Object.entries(ports)) {
    // A UDP port, which the media server reports itself; and one where somebody else receives streams, maybe already.
    if (name === 'livekitUdp' || name === 'streams') continue;
    for (const host of ['127.0.0.1', '::1']) {
      const code = await findListenError(port, host);
      if (code === 'EADDRINUSE')
        throw new CommandError(
          `port ${port} (${name}) is taken; stop what listens there or choose other ports, e.g. PORT=${ports.api + 100} npm start`,
        );
      if (code === 'EACCES')
        throw new CommandError(
          `port ${port} (${name}) may not be opened by this user; choose PORT above 1023`,
        );
    }
  }
}
