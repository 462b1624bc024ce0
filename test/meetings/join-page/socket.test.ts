import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Refusal } from '../../../workers/pages/join/refusal.ts';
import { RoomSocket } from '../../../workers/pages/join/socket.ts';

/** A browser's socket whose other end is the test. */
class Line extends EventTarget {
  static readonly OPEN = 1;
  static all: Line[] = [];
  readonly sent: string[] = [];
  readyState = 0;
  readonly url: string;
  readonly ticket: string | undefined;

  constructor(url: string, protocols: string[]) {
    super();
    this.url = url;
    this.ticket = protocols[1]?.slice('ticket.'.length);
    Line.all.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
    this.say({ type: 'waiting', entry: 'lob', decision: null, limits: {} });
  }

  say(frame: object): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(frame) }));
  }

  end(code: number): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

type Answer = { url: string; ticket: string } | Refusal;

let told: string[];
/** What the API says from now on, and how often it was asked. */
let api: Answer;
let asked: number;
let socket: RoomSocket;
const line = () => Line.all.at(-1)!;
const fresh = { url: 'wss://there', ticket: 'second' };

/** Every attempt to open a socket fails for so long. */
async function offline(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed++) {
    if (line().readyState === 0) line().end(1006);
    await vi.advanceTimersByTimeAsync(1_000);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Line);
  Line.all = [];
  told = [];
  api = new Refusal('network', 0, 1);
  asked = 0;
  socket = new RoomSocket('wss://here', 'first', {
    frame: () => undefined,
    connected: (open) => told.push(open ? 'open' : 'closed'),
    over: (ending) => told.push(ending),
    refused: (code) => told.push(code),
    comeBack: async () => {
      asked++;
      if (api instanceof Refusal) throw api;
      return api;
    },
  });
  line().open();
});
afterEach(() => {
  socket.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const PASSING = [
  new Refusal('network', 0, 1),
  new Refusal('server.unavailable', 503, null),
  new Refusal('status_502', 502, null),
  new Refusal('request.stale', 409, null),
  new Refusal('request.rate_limited', 429, 30),
];

it.each(PASSING)('comes back with its ticket after an hour without an answer: $code', async (refusal) => {
  api = refusal;
  line().end(1006);
  await offline(3_600);
  expect(asked).toBeGreaterThan(10);
  await vi.advanceTimersByTimeAsync(15_000);
  line().open();
  expect(line()).toMatchObject({ url: 'wss://here', ticket: 'first' });
  expect(told.at(-1)).toBe('open');
});

it('asks no more than every few seconds, and not before the API wants to be asked', async () => {
  line().end(1006);
  await offline(600);
  expect(asked).toBeLessThan(600 / 5);
  api = new Refusal('request.rate_limited', 429, 60);
  await offline(60);
  const before = asked;
  await offline(600);
  expect(asked - before).toBeLessThanOrEqual(10);
  expect(Line.all.length).toBeGreaterThan(100);
});

it('comes back with another ticket, to where the API says', async () => {
  line().end(1006);
  api = fresh;
  await offline(10);
  expect(line()).toMatchObject(fresh);
  while (line().readyState !== 0) await vi.advanceTimersByTimeAsync(1_000);
  line().open();
  expect(told).toEqual(['open', ...told.slice(1, -1).fill('closed'), 'open']);
});

it('gives up when the API refuses for good, and says why', async () => {
  line().end(1006);
  api = new Refusal('rooms.removed', 403, null);
  await offline(60);
  expect([asked, told.at(-1)]).toEqual([1, 'rooms.removed']);
  const opened = Line.all.length;
  await offline(60);
  expect(Line.all).toHaveLength(opened);
});

it('a socket that was closed meanwhile stays closed, whatever the API says', async () => {
  line().end(1006);
  await offline(1);
  api = new Refusal('rooms.ended', 409, null);
  socket.close();
  const [opened, before] = [Line.all.length, told.length];
  await offline(60);
  expect([Line.all.length, told.length]).toEqual([opened, before]);
});

it('a line that fell silent without an end is given up within a minute; one that answers is not', async () => {
  const [silent] = Line.all;
  await vi.advanceTimersByTimeAsync(30_000);
  line().say({ type: 'pong' });
  await vi.advanceTimersByTimeAsync(30_000);
  expect([Line.all.length, silent!.sent.length]).toEqual([1, 3]);
  await vi.advanceTimersByTimeAsync(32_000);
  expect([Line.all.length, silent!.readyState, told]).toEqual([2, 3, ['open', 'closed']]);
  silent!.say({ type: 'waiting', entry: 'lob', decision: null, limits: {} });
  silent!.end(1006);
  line().open();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([Line.all.length, told]).toEqual([2, ['open', 'closed', 'open']]);
});
