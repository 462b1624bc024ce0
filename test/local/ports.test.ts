import { type AddressInfo, createServer, type Server } from 'node:net';

import { describe, expect, it } from 'vitest';
import { resolveDataDir } from '../../workers/local/data-dir.ts';
import { DEFAULT_PORT, derivePorts, readPort, requireFreePorts } from '../../workers/local/ports.ts';

const listenOn = (port: number) =>
  new Promise<Server>((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });

describe('the ports of a copy', () => {
  it('are derived from PORT', () => {
    expect(readPort(undefined)).toBe(DEFAULT_PORT);
    expect(derivePorts(readPort('9000'))).toMatchObject({
      api: 9000,
      mails: 9001,
      database: 9002,
      inspector: 9003,
    });
    expect(new Set(Object.values(derivePorts(9000))).size).toBe(Object.keys(derivePorts(9000)).length);
  });

  it.each(['abc', '0', '65536', '80.5', '-1'])('are rejected when PORT is %s', (text) => {
    expect(() => readPort(text)).toThrow(/PORT must be a number/);
  });

  it('are rejected with the name of the one that is in use', async () => {
    const server = await listenOn(0);
    const { port } = server.address() as AddressInfo;
    await expect(requireFreePorts(derivePorts(port - 1))).rejects.toThrow(`port ${port} (mails) is taken`);
    server.close();
  });

  it('have a data directory of their own, unless one is configured', () => {
    expect(resolveDataDir('/x', DEFAULT_PORT, undefined)).toBe('/x/.auralink');
    expect(resolveDataDir('/x', 9000, undefined)).toBe('/x/.auralink-9000');
    expect(resolveDataDir('/x', 9000, '/data')).toBe('/data');
  });
});
