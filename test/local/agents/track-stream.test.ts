import { beforeEach, expect, it } from 'vitest';
import { TrackStream } from '../../../workers/agents/track-stream.ts';

/** A socket of the speech service that opens, speaks and closes when the test says so. */
class Socket extends EventTarget {
  readonly sent: (string | Int16Array)[] = [];
  isClosed = false;
  send(data: string | Int16Array): void {
    this.sent.push(data);
  }
  close(): void {
    this.isClosed = true;
  }
  open(): void {
    this.dispatchEvent(new Event('open'));
  }
  say(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
  lose(): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
  }
  /** The first sample of each block that arrived. */
  get blocks(): number[] {
    return this.sent.filter((data) => typeof data !== 'string').map((data) => Number(data[0]));
  }
}

const BLOCK_MS = 32;
let now: number;
let sockets: Socket[];
let sentences: string[];
let stream: TrackStream;
const ignore = () => undefined;
const push = (level: number, blocks = 1) => {
  for (let count = 0; count < blocks; count++) {
    now += BLOCK_MS;
    stream.push(new Int16Array(512).fill(level));
  }
};
const last = () => sockets.at(-1)!;

beforeEach(() => {
  [now, sockets, sentences] = [0, [], []];
  stream = new TrackStream({
    connect: () => {
      sockets.push(new Socket());
      return last() as unknown as WebSocket;
    },
    now: () => now,
    listener: {
      onSound: ignore,
      onSpeech: ignore,
      onPause: ignore,
      onRecognized: ignore,
      onSentence: (text) => sentences.push(text),
      log: ignore,
    },
  });
});

it('a track that is muted or quiet has no stream, and one that becomes quiet gives its stream up', () => {
  push(0, 1_000);
  expect(sockets).toHaveLength(0);
  push(2_000);
  last().open();
  push(0, 460);
  expect(last().isClosed).toBe(false);
  push(0, 20);
  expect([sockets.length, last().isClosed]).toEqual([1, true]);
  push(0, 1_000);
  expect(sockets).toHaveLength(1);
  push(2_000);
  expect(sockets).toHaveLength(2);
});

it('sound from just before, and while the stream opens, is sent when it is open, in order', () => {
  push(1, 50);
  push(2_000, 3);
  push(3_000, 20);
  last().open();
  push(4_000);
  expect(JSON.parse(String(last().sent[0]))).toMatchObject({ type: 'start', turns: true });
  expect(last().blocks).toEqual([
    ...Array.from({ length: 10 }, () => 1),
    ...Array.from({ length: 3 }, () => 2_000),
    ...Array.from({ length: 20 }, () => 3_000),
    4_000,
  ]);
});

it('three seconds of sound wait for a stream, and no more', () => {
  push(2_000, 100);
  push(3_000, 50);
  last().open();
  expect(last().blocks).toHaveLength(94);
  expect(last().blocks.slice(-50)).toEqual(Array.from({ length: 50 }, () => 3_000));
});

it('a stream that is refused again and again is asked for more and more rarely, while somebody speaks', () => {
  for (let seconds = 0; seconds < 60; seconds++) {
    if (sockets.length > 0) last().lose();
    push(2_000, 31);
  }
  expect(sockets.length).toBeLessThan(12);
  expect(sockets.length).toBeGreaterThan(5);
  now += 15_000;
  push(2_000);
  last().open();
  last().say({ type: 'final', start: 0, end: 1, text: 'Hello.' });
  last().lose();
  const before = sockets.length;
  push(2_000, 31);
  expect([sentences, sockets.length]).toEqual([['Hello.'], before + 1]);
});
