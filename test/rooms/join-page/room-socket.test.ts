import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../../../workers/pages/common/api-error.ts';
import { RoomSocket } from '../../../workers/pages/join/socket.ts';

/** A browser's socket with the test as its server. */
class FakeWebSocket extends EventTarget {
  static readonly OPEN = 1;
  static all: FakeWebSocket[] = [];
  readonly sent: string[] = [];
  readyState = 0;
  readonly url: string;
  readonly ticket: string | undefined;

  constructor(url: string, protocols: string[]) {
    super();
    this.url = url;
    this.ticket = protocols[1]?.slice('ticket.'.length);
    FakeWebSocket.all.push(this);
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

type ApiAnswer = { url: string; ticket: string } | ApiError;

let events: string[];
/** What the API answers from now on, and how often it was asked. */
let apiAnswer: ApiAnswer;
let requestCount: number;
let socket: RoomSocket;
const currentSocket = () => FakeWebSocket.all.at(-1)!;
const freshTicket = { url: 'wss://there', ticket: 'second' };

/** Lets every attempt to open a socket fail for this long. */
async function offline(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed++) {
    if (currentSocket().readyState === 0) currentSocket().end(1006);
    await vi.advanceTimersByTimeAsync(1_000);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeWebSocket);
  FakeWebSocket.all = [];
  events = [];
  apiAnswer = new ApiError('network', 0, 1);
  requestCount = 0;
  socket = new RoomSocket('wss://here', 'first', {
    handleFrame: () => undefined,
    handleConnection: (open) => events.push(open ? 'open' : 'closed'),
    handleEnd: (ending) => events.push(ending),
    handleRefusal: (code) => events.push(code),
    rejoin: async () => {
      requestCount++;
      if (apiAnswer instanceof ApiError) throw apiAnswer;
      return apiAnswer;
    },
  });
  currentSocket().open();
});
afterEach(() => {
  socket.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const PASSING = [
  new ApiError('network', 0, 1),
  new ApiError('server.unavailable', 503, null),
  new ApiError('status_502', 502, null),
  new ApiError('request.stale', 409, null),
  new ApiError('request.rate_limited', 429, 30),
];

it.each(PASSING)('comes back with its ticket after an hour without an answer: $code', async (refusal) => {
  apiAnswer = refusal;
  currentSocket().end(1006);
  await offline(3_600);
  expect(requestCount).toBeGreaterThan(10);
  await vi.advanceTimersByTimeAsync(15_000);
  currentSocket().open();
  expect(currentSocket()).toMatchObject({ url: 'wss://here', ticket: 'first' });
  expect(events.at(-1)).toBe('open');
});

it('asks the API at most every few seconds, and respects Retry-After', async () => {
  currentSocket().end(1006);
  await offline(600);
  expect(requestCount).toBeLessThan(600 / 5);
  apiAnswer = new ApiError('request.rate_limited', 429, 60);
  await offline(60);
  const before = requestCount;
  await offline(600);
  expect(requestCount - before).toBeLessThanOrEqual(10);
  expect(FakeWebSocket.all.length).toBeGreaterThan(100);
});

it('reconnects with the new ticket and address of the API', async () => {
  currentSocket().end(1006);
  apiAnswer = freshTicket;
  await offline(10);
  expect(currentSocket()).toMatchObject(freshTicket);
  while (currentSocket().readyState !== 0) await vi.advanceTimersByTimeAsync(1_000);
  currentSocket().open();
  expect(events).toEqual(['open', ...events.slice(1, -1).fill('closed'), 'open']);
});

it('stops on a final error of the API and reports its code', async () => {
  currentSocket().end(1006);
  apiAnswer = new ApiError('rooms.removed', 403, null);
  await offline(60);
  expect([requestCount, events.at(-1)]).toEqual([1, 'rooms.removed']);
  const opened = FakeWebSocket.all.length;
  await offline(60);
  expect(FakeWebSocket.all).toHaveLength(opened);
});

it('stays closed when it was closed while the API was asked', async () => {
  currentSocket().end(1006);
  await offline(1);
  apiAnswer = new ApiError('rooms.ended', 409, null);
  socket.close();
  const [opened, before] = [FakeWebSocket.all.length, events.length];
  await offline(60);
  expect([FakeWebSocket.all.length, events.length]).toEqual([opened, before]);
});

it('replaces a connection that does not answer pings within a minute, and keeps one that does', async () => {
  const [silent] = FakeWebSocket.all;
  await vi.advanceTimersByTimeAsync(30_000);
  currentSocket().say({ type: 'pong' });
  await vi.advanceTimersByTimeAsync(30_000);
  expect([FakeWebSocket.all.length, silent!.sent.length]).toEqual([1, 3]);
  await vi.advanceTimersByTimeAsync(32_000);
  expect([FakeWebSocket.all.length, silent!.readyState, events]).toEqual([2, 3, ['open', 'closed']]);
  silent!.say({ type: 'waiting', entry: 'lob', decision: null, limits: {} });
  silent!.end(1006);
  currentSocket().open();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([FakeWebSocket.all.length, events]).toEqual([2, ['open', 'closed', 'open']]);
});
