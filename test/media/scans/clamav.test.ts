import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScanner } from '../../../workers/scanner-client.ts';
import { MAX_STREAM_BYTES } from '../../../workers/scanner/clamd.ts';
import { createScannerServer } from '../../../workers/scanner/server.ts';
import { EICAR, startClamd } from '../../support/clamd.ts';

/** The scanner with Debian's clamd behind it, and the settings of its container but for the sizes. */

const SECRET = 's'.repeat(40);
const MIB = 1024 * 1024;
/** What clamd takes in all, and what it reads of each file. */
const SIZES = { StreamMaxLength: '4M', MaxFileSize: '2M' };
const failures: string[] = [];

let clamd: Awaited<ReturnType<typeof startClamd>>;
let service: Server;
let scan: (body: ReadableStream<Uint8Array>) => Promise<string>;

/** The scanner in front of the clamd that runs. */
async function startScanner(maxBytes: number) {
  service?.close();
  service = createScannerServer({
    secrets: [SECRET],
    clamd: clamd.address,
    scanMs: 60_000,
    maxScans: 3,
    maxScansOfGroup: 2,
    maxBytes,
    log: (reason) => void failures.push(reason),
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const scanner = createScanner({ ENVIRONMENT: 'production', SCANNER_URL: url, SCANNER_SECRET: SECRET })!;
  scan = (body) =>
    scanner
      .scan(body, { organizationId: 'org_a', timeLimitMs: 60_000 })
      .catch((error: Error) => error.message);
  return url;
}

beforeAll(async () => {
  clamd = await startClamd(SIZES);
});
beforeEach(() => startScanner(4 * MIB));
afterAll(async () => {
  service?.close();
  await clamd?.close();
});

const chunks = (...parts: (string | Uint8Array)[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts)
        controller.enqueue(typeof part === 'string' ? new TextEncoder().encode(part) : part);
      controller.close();
    },
  });
const zip = (files: Record<string, string>, level: 0 | 6 = 6) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])), {
    level,
  });

describe('what clamd says of a file', () => {
  it('is clean or infected, wherever the bytes are cut', async () => {
    expect(await scan(chunks('a clean text'))).toBe('clean');
    expect(await scan(chunks())).toBe('clean');
    expect(await scan(chunks(EICAR))).toBe('infected');
    expect(await scan(chunks(EICAR.slice(0, 20), EICAR.slice(20)))).toBe('infected');
  });

  it('covers the files that are packed in it', async () => {
    const inner = zip({ 'docs/setup.com': EICAR });
    expect(await scan(chunks(inner))).toBe('infected');
    expect(await scan(chunks(zip({ 'notes.txt': 'clean' })))).toBe('clean');
    expect(await scan(chunks(zipSync({ 'inner.zip': inner, 'a.txt': Buffer.from('x') })))).toBe('infected');
  });

  it('is failed and not clean when the file, or one in it, is larger than what clamd reads', async () => {
    expect(await scan(chunks('x'.repeat(3 * MIB)))).toBe('failed');
    expect(await scan(chunks(zip({ 'a.bin': 'x'.repeat(3 * MIB) }, 0)))).toBe('failed');
  });

  it('is clean for a file compressed in a ZIP of which clamd reads only the beginning, as its README states', async () => {
    const late = `${'x'.repeat(3 * MIB)}${EICAR}`;
    expect(await scan(chunks(zip({ 'late.bin': late })))).toBe('clean');
    expect(await scan(chunks(zip({ 'late.bin': late, 'setup.com': EICAR })))).toBe('infected');
  });
});

describe('a stream that is too large', () => {
  const tooLarge = () => chunks(...Array.from({ length: 12 }, () => 'x'.repeat(MIB)));

  it('is failed by the count of the scanner, and the next one is scanned', async () => {
    await startScanner(MIB);
    expect(await scan(chunks('x'.repeat(MIB)))).toBe('clean');
    expect(await scan(chunks('x'.repeat(MIB), 'x'))).toBe('failed');
    expect(await scan(tooLarge())).toBe('failed');
    expect(await scan(chunks('a clean text'))).toBe('clean');
  });

  it('is never clean when clamd takes less than the scanner thinks', async () => {
    await startScanner(MAX_STREAM_BYTES);
    expect(await scan(tooLarge())).toMatch(/^(failed|the scanner answered 502)$/);
  });

  it('is larger than the container takes, whose clamd and scanner have one limit', async () => {
    const settings = await readFile('workers/scanner/clamd.conf', 'utf8');
    expect(settings).toContain(`\nStreamMaxLength ${MAX_STREAM_BYTES / MIB}M\n`);
  });
});

it('a file has no verdict when clamd is stopped in the middle of it, and is scanned once clamd is back', async () => {
  let stopped: Promise<void> | undefined;
  const cut = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (stopped !== undefined) return controller.close();
      controller.enqueue(new TextEncoder().encode('x'.repeat(MIB)));
      // clamd has begun to read the stream.
      await expect.poll(() => clamd.streamFiles(), { timeout: 60_000 }).toBeGreaterThan(0);
      stopped = clamd.stop();
      return stopped;
    },
  });
  expect(await scan(cut)).toBe('the scanner answered 502');
  expect(failures.at(-1)).toMatch(/closed the connection|ECONNRESET|EPIPE/);
  expect((await fetch(`${await startScanner(4 * MIB)}/ready`)).status).toBe(503);
  expect(await scan(chunks('a clean text'))).toBe('the scanner answered 502');

  await clamd.close();
  clamd = await startClamd(SIZES);
  expect((await fetch(`${await startScanner(4 * MIB)}/ready`)).status).toBe(200);
  expect(await scan(chunks(EICAR))).toBe('infected');
});
