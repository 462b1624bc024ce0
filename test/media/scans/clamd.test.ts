import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createScanner } from '../../../workers/scanner-client.ts';
import { createScannerServer } from '../../../workers/scanner/server.ts';

const SECRET = 's'.repeat(40);
const SCAN_MS = 1_000;
/** What the stand-in takes in all, as clamd does by its `StreamMaxLength`. */
const MAX_STREAM_BYTES = 3_000_000;

/** How the stand-in of clamd answers a stream; it finds a virus in bytes with the word `virus`. */
type Behaviour = 'works' | 'hangs' | 'closes' | 'garbage' | 'memory' | 'floods' | 'early' | 'limits';
let behaviour: Behaviour = 'works';
/** Why scans had no verdict, as the scanner logs it. */
const failures: string[] = [];
/** Streams that arrived whole. */
let received: string[] = [];

/** The chunks of a stream, each after its length, up to the empty one; undefined while they are not all there. */
function readChunks(bytes: Buffer): { content: Buffer; isWhole: boolean } {
  const chunks: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    if (length === 0) return { content: Buffer.concat(chunks), isWhole: true };
    if (at + 4 + length > bytes.length) break;
    chunks.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { content: Buffer.concat(chunks), isWhole: false };
}

function answerStream(socket: Socket, content: Buffer): void {
  received.push(content.toString('latin1'));
  const found = content.includes('virus') ? 'stream: Test.Virus FOUND\0' : 'stream: OK\0';
  const answers: Partial<Record<Behaviour, string>> = {
    garbage: 'HTTP/1.1 400 Bad Request\r\n\r\n',
    memory: "stream: Can't allocate memory ERROR\0",
    limits: 'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0',
    floods: 'x'.repeat(1_000_000),
  };
  if (behaviour === 'hangs') return;
  socket.end(behaviour === 'closes' ? '' : (answers[behaviour] ?? found));
}

const COMMAND = Buffer.from('zINSTREAM\0');
const END = Buffer.alloc(4);

const clamd: Server = createServer((socket) => {
  const arrived: Buffer[] = [];
  let size = 0;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    if (socket.writableEnded) return undefined;
    arrived.push(chunk);
    size += chunk.length;
    if (size < COMMAND.length && chunk.toString('latin1') === 'zPING\0')
      return socket.end(behaviour === 'hangs' ? '' : 'PONG\0');
    if (behaviour === 'early') return socket.end('stream: OK\0');
    if (size > MAX_STREAM_BYTES) return socket.end('INSTREAM size limit exceeded. ERROR\0');
    if (!chunk.subarray(-4).equals(END)) return undefined;
    const bytes = Buffer.concat(arrived);
    expect(bytes.subarray(0, COMMAND.length)).toEqual(COMMAND);
    const { content, isWhole } = readChunks(bytes.subarray(COMMAND.length));
    return isWhole ? answerStream(socket, content) : undefined;
  });
});

let service: HttpServer;
let url: string;

const listen = async (server: Server | HttpServer): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

let clamdPort: number;
beforeAll(async () => {
  clamdPort = await listen(clamd);
});
afterAll(() => clamd.close());
// One for each test: a scan that its caller gave up takes its place for a while.
beforeEach(async () => {
  service = createScannerServer({
    secrets: ['x'.repeat(32), SECRET],
    clamd: { host: '127.0.0.1', port: clamdPort },
    scanMs: SCAN_MS,
    maxScans: 3,
    maxScansOfGroup: 2,
    // Less than the stand-in takes: the scanner counts first.
    maxBytes: MAX_STREAM_BYTES - 100_000,
    log: (reason) => void failures.push(reason),
  });
  url = `http://127.0.0.1:${await listen(service)}`;
});
afterEach(() => service.close());

/** Scans through the adapter that production has. */
async function scan(
  body: ReadableStream<Uint8Array>,
  {
    as = 'works',
    secret = SECRET,
    organizationId = 'org_a',
    timeLimitMs = 60_000,
  }: { as?: Behaviour; secret?: string; organizationId?: string; timeLimitMs?: number } = {},
): Promise<string> {
  behaviour = as;
  received = [];
  const scanner = createScanner({ ENVIRONMENT: 'production', SCANNER_URL: url, SCANNER_SECRET: secret })!;
  return scanner.scan(body, { organizationId, timeLimitMs }).catch((error: Error) => error.message);
}
const bytes = (...texts: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });

describe('a file that ClamAV scans', () => {
  it('is clean or infected, and is sent to it whole, however long its chunks are', async () => {
    expect(await scan(bytes('a clean', ' text'))).toBe('clean');
    expect(received).toEqual(['a clean text']);
    expect(await scan(bytes('a vi', 'rus'))).toBe('infected');
    expect(await scan(bytes())).toBe('clean');
    const long = 'x'.repeat(2_500_000);
    expect(await scan(bytes(long))).toBe('clean');
    expect(received[0] === long).toBe(true);
  });

  it('is one that cannot be scanned when it is too large for the stream, or for a limit of what is in it', async () => {
    expect(await scan(bytes(...Array.from({ length: 8 }, () => 'x'.repeat(1_000_000))))).toBe('failed');
    expect(await scan(bytes('x'), { as: 'limits' })).toBe('failed');
  });

  it('is read no further once its time is over, however much of it a caller still sends', async () => {
    const caller = connect(Number(new URL(url).port), '127.0.0.1').resume();
    caller.on('error', () => undefined);
    caller.write(
      `POST /scan HTTP/1.1\r\nhost: scanner\r\nauthorization: Bearer ${SECRET}\r\ncontent-length: ${10 ** 12}\r\n\r\n`,
    );
    const sending = setInterval(() => caller.write(new Uint8Array(100_000)), 20);
    onTestFinished(() => {
      clearInterval(sending);
      caller.destroy();
    });
    await new Promise((resolve) => caller.once('close', resolve));
    expect(failures.at(-1)).toContain('clamd is too slow');
  });

  it.each([
    ['hangs', 'clamd is too slow'],
    ['closes', 'clamd closed the connection without an answer'],
    ['garbage', 'clamd answered "HTTP/1.1 400'],
    ['memory', `clamd answered "stream: Can't allocate memory`],
    ['floods', 'clamd answered "xxx'],
    ['early', 'clamd called clean what it has not read'],
  ] as const)('has no verdict when clamd %s: %s', async (as, reason) => {
    const startedAt = performance.now();
    const slow = as === 'early' ? endless() : bytes('a virus');
    expect(await scan(slow, { as })).toBe('the scanner answered 502');
    expect(failures.at(-1)).toContain(reason);
    expect(performance.now() - startedAt).toBeLessThan(SCAN_MS + 10_000);
  });

  it('has no verdict when its bytes break off, whatever is known of their beginning', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('the beginning'));
      },
      pull() {
        throw new Error('object storage is away');
      },
    });
    expect(await scan(broken)).not.toMatch(/^(clean|infected|failed)$/);
    expect(received).toEqual([]);
  });

  it('is not taken from a caller without the secret, nor beyond as many as may run', async () => {
    expect(await scan(bytes('x'), { secret: 'y'.repeat(40) })).toBe('the scanner answered 401');
    const answers = await Promise.all(Array.from({ length: 4 }, () => scan(bytes('x'), { as: 'hangs' })));
    expect(answers.toSorted()).toEqual([
      'the scanner answered 502',
      'the scanner answered 502',
      'the scanner answered 503',
      'the scanner answered 503',
    ]);
    expect(await scan(bytes('x'))).toBe('clean');
  });

  it('of one organization takes no more than its part of the scans, so that another has one', async () => {
    const scanFor = (organizationId: string) => scan(bytes('x'), { as: 'hangs', organizationId });
    const answers = await Promise.all(
      ['org_a', 'org_a', 'org_a', 'org_b', 'org_c'].map(
        async (id) => `${id} ${(await scanFor(id)).slice(-3)}`,
      ),
    );
    // Two of the first and one of another are scanned; then all three scans run.
    expect(answers.filter((answer) => answer === 'org_a 502')).toHaveLength(2);
    expect(answers.filter((answer) => /org_[bc] 502/.test(answer))).toHaveLength(1);
    expect(await scanFor('org_b')).toBe('the scanner answered 502');
  });

  it('that takes longer than the caller has is given up by the caller', async () => {
    expect(await scan(bytes('x'), { as: 'hangs', timeLimitMs: 30 })).toBe('no verdict within 30 ms');
  });

  it('is scanned once clamd is ready', async () => {
    behaviour = 'works';
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    behaviour = 'hangs';
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });
});

/** Bytes that never end. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.enqueue(new Uint8Array(1_000));
    },
  });
}
