import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SpeechEvent } from '../../../src/intelligence/providers/index.ts';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { soundMs } from '../../../src/intelligence/recognition-session/sound.rules.ts';

type Listen = (event: { data: unknown }) => void;

let sent: string[];
let listeners: Map<string, Listen>;
let events: SpeechEvent[];
let failures: string[];
let address: string;
const say = (message: unknown) =>
  listeners.get('message')!({ data: typeof message === 'string' ? message : JSON.stringify(message) });

function open() {
  const connect = async (url: string) => {
    address = url;
    return {
      send: (data: string | Uint8Array) =>
        void sent.push(typeof data === 'string' ? data : `${data.length} bytes`),
      close: () => undefined,
      addEventListener: (type: string, listen: Listen) => void listeners.set(type, listen),
    };
  };
  const service = createSpeechService({ url: 'http://speech.test/', secret: 's', connect })!('org_1');
  return service.speechToText.open!(
    { encoding: 'opus', language: null, offsetMs: 1_500 },
    { onEvent: (event) => events.push(event), onEnded: ({ kind }) => failures.push(kind) },
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  [sent, listeners, events, failures] = [[], new Map(), [], []];
});
afterEach(() => vi.useRealTimers());

describe('a connection to the speech service', () => {
  it('begins where it is asked to; what is sent before it is open waits', async () => {
    const session = open();
    session.push(new Uint8Array(3));
    await vi.advanceTimersByTimeAsync(0);
    session.finalize();
    expect(address).toBe('http://speech.test/v1/audio/stream');
    expect(sent).toEqual([
      '{"type":"start","encoding":"opus","offset":1.5}',
      '3 bytes',
      '{"type":"finalize"}',
    ]);
  });

  it('that says nothing for three seconds has stalled; with an answer to each question whether it lives it has not', async () => {
    open();
    for (let at = 0; at < 10; at++) {
      await vi.advanceTimersByTimeAsync(1_000);
      say({ type: 'pong' });
    }
    expect([failures, sent.filter((each) => each.includes('ping')).length]).toEqual([[], 10]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(failures).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(failures).toEqual(['stalled']);
  });

  it.each([
    ['{', 'malformed'],
    [{ type: 'final', segment: 0, text: 'No times.' }, 'malformed'],
    [{ type: 'partial', segment: 0, version: 1, text: 'x'.repeat(20_001), start: 0 }, 'malformed'],
    [{ type: 'unknown' }, 'malformed'],
    [{ type: 'error', code: 'busy' }, 'busy'],
    [{ type: 'error', code: 'language_unknown' }, 'request_refused'],
  ])('ends once by %j: %s', async (message, kind) => {
    open();
    await vi.advanceTimersByTimeAsync(0);
    say(message);
    say(message);
    listeners.get('close')!({ data: undefined });
    expect([failures, events]).toEqual([[kind], []]);
  });

  it('that was closed from here reports nothing any more', async () => {
    const session = open();
    await vi.advanceTimersByTimeAsync(0);
    session.close();
    say({ type: 'finalized' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([failures, events]).toEqual([[], []]);
  });
});

describe('the length of sound', () => {
  it.each([
    // Packets of Opus: one frame of 20 ms, two of 20 ms, three of 20 ms, one of 2.5 ms, one of 60 ms.
    ['opus', [0b0_1111_000, 1], 20],
    ['opus', [0b0_1111_001, 1], 40],
    ['opus', [0b0_1111_011, 3, 1], 60],
    ['opus', [0b1_0000_000, 1], 2.5],
    ['opus', [0b0_0011_000, 1], 60],
    ['opus', [0b0_0011_011, 3, 1], null],
    ['opus', [0b0_0011_011], null],
    ['opus', [], null],
    ['pcm16', Array.from({ length: 640 }, () => 0), 20],
    ['pcm16', [1, 2], null],
    ['opus', Array.from({ length: 1_300 }, () => 0b0_1111_000), null],
  ] as const)('%s %j is %s ms', (encoding, bytes, ms) => {
    expect(soundMs(encoding, Uint8Array.from(bytes))).toBe(ms);
  });
});
