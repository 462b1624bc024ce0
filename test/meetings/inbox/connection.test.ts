import { describe, expect, it } from 'vitest';
import {
  closeOf,
  FRAME_RATE,
  INBOX_CLOSES,
  isSilent,
  isUnheard,
  openConnection,
  receive,
} from '../../../src/meetings/inbox/index.ts';

const claims = { organizationId: 'org_1', userId: 'usr_1', sessionId: 'ses_1', role: 'member', plan: 'free' };
const fresh = () => openConnection(claims, '0123456789abcdef', 0);
const greeted = () => ({ ...fresh(), greeted: true });
const RING_ID = 'rng_01jd3v7q8gf4kr2x6a0w9mznpe';

const outcome = (data: string | ArrayBuffer, connection = greeted()) => receive(connection, data, 0).received;
const codeOf = (data: string | ArrayBuffer, connection = greeted()) => {
  const received = outcome(data, connection);
  return received.kind === 'refused' ? [received.error.code, received.id] : received.kind;
};

describe('a frame', () => {
  it.each([
    [{ type: 'hello' }, fresh()],
    [{ type: 'hello', cursor: { epoch: 'a', seq: 3 } }, fresh()],
    [{ type: 'ping' }, fresh()],
    [{ type: 'ack', seq: 3 }, greeted()],
    [{ type: 'presence.set', status: 'dnd', message: 'Workshop', expiresAt: null }, greeted()],
    [{ type: 'presence.subscribe', userIds: [] }, greeted()],
    [{ type: 'ring.accept', ringId: RING_ID, id: '1' }, greeted()],
  ])('%j is taken', (frame, connection) => {
    expect(outcome(JSON.stringify(frame), connection)).toMatchObject({ kind: 'frame', frame });
  });

  it.each([
    ['not JSON', '{', 'realtime.malformed_frame', null],
    ['no object', '7', 'realtime.malformed_frame', null],
    ['null', 'null', 'realtime.malformed_frame', null],
    ['bytes', new ArrayBuffer(3), 'realtime.malformed_frame', null],
    ['of no known type', '{"type":"explode","id":"7"}', 'realtime.malformed_frame', '7'],
    ['without its fields', '{"type":"ring.accept","id":"7"}', 'realtime.invalid_frame', '7'],
    [
      'with a field too many',
      `{"type":"ring.accept","ringId":"${RING_ID}","x":1}`,
      'realtime.invalid_frame',
      null,
    ],
    [
      'with what is not a character',
      '{"type":"presence.set","status":"dnd","message":"a\\u0000"}',
      'realtime.invalid_frame',
      null,
    ],
    ['a second hello', '{"type":"hello"}', 'realtime.hello_twice', null],
  ])('that is %s is refused', (_what, data, code, id) => {
    expect(codeOf(data)).toEqual([code, id]);
  });

  it('before hello is refused', () => {
    expect(codeOf('{"type":"ack","seq":1,"id":"7"}', fresh())).toEqual(['realtime.hello_first', '7']);
  });

  it('over 8 KiB closes the connection, counted in bytes', () => {
    expect(outcome('x'.repeat(8_193))).toEqual({ kind: 'closed', close: INBOX_CLOSES.tooLarge });
    expect(outcome(`"${'€'.repeat(2_731)}"`)).toEqual({ kind: 'closed', close: INBOX_CLOSES.tooLarge });
    expect(codeOf(`"${'x'.repeat(8_100)}"`)).toEqual(['realtime.malformed_frame', null]);
  });

  it('that is bad for the tenth time closes the connection', () => {
    let connection = greeted();
    const kinds = Array.from({ length: 10 }, (_, i) => {
      const answer = receive(connection, 'nonsense', i * 1_000);
      ({ connection } = answer);
      return answer.received.kind;
    });
    expect(kinds).toEqual([...Array.from({ length: 9 }, () => 'refused'), 'closed']);
  });
});

describe('a flood', () => {
  const ack = '{"type":"ack","seq":1}';

  it('is refused beyond its burst, and closes the connection when it goes on', () => {
    let connection = greeted();
    const kinds = Array.from({ length: 2 * FRAME_RATE.burst + 1 }, () => {
      const answer = receive(connection, ack, 0);
      ({ connection } = answer);
      return answer.received.kind;
    });
    expect(kinds.slice(0, FRAME_RATE.burst).every((kind) => kind === 'frame')).toBe(true);
    expect(kinds.slice(FRAME_RATE.burst, -1).every((kind) => kind === 'refused')).toBe(true);
    expect(kinds.at(-1)).toBe('closed');
  });

  it('is what comes faster than three a second, for good', () => {
    let connection = greeted();
    for (let i = 0; i < 1_000; i++) {
      const answer = receive(connection, ack, i * 334);
      ({ connection } = answer);
      expect(answer.received.kind).toBe('frame');
    }
  });
});

describe('a connection', () => {
  const standing = { role: 'member', openSessions: ['ses_1'] };

  it('goes when its session or the membership has ended, or it is twelve hours old', () => {
    expect(closeOf(greeted(), standing, 0)).toBeUndefined();
    expect(closeOf(greeted(), { ...standing, openSessions: ['ses_2'] }, 0)).toBe(INBOX_CLOSES.sessionEnded);
    expect(closeOf(greeted(), { ...standing, role: null }, 0)).toBe(INBOX_CLOSES.sessionEnded);
    expect(closeOf(greeted(), standing, 43_200_000)).toBe(INBOX_CLOSES.expired);
  });

  it('has ten seconds to say hello', () => {
    expect([isSilent(fresh(), 9_999), isSilent(fresh(), 10_000), isSilent(greeted(), 10_000)]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('following people', () => {
  const subscribe = (people: number) => {
    const userIds = Array.from({ length: people }, (_, at) => `usr_${String(at).padStart(26, '0')}`);
    return JSON.stringify({ type: 'presence.subscribe', userIds, id: '7' });
  };

  it('costs by how many they are: a hundred at once, not a hundred again and again', () => {
    const first = receive(greeted(), subscribe(100), 0);
    expect(first.received.kind).toBe('frame');
    const again = receive(first.connection, subscribe(100), 1_000);
    expect(again.received).toMatchObject({
      kind: 'refused',
      id: '7',
      error: { code: 'realtime.too_fast', details: { retryAfterSeconds: 4 } },
    });
    expect(receive(again.connection, subscribe(5), 1_000).received.kind).toBe('frame');
    expect(receive(again.connection, subscribe(100), 5_000).received.kind).toBe('frame');
  });

  it('refused is no bad frame and no flood', () => {
    let connection = receive(greeted(), subscribe(100), 0).connection;
    for (let at = 0; at < 9; at++) ({ connection } = receive(connection, subscribe(100), 0));
    expect(connection.badFrames).toBe(0);
  });
});

it('a connection is gone two minutes after its last frame or ping, whichever was later', () => {
  const heardAt60 = { ...greeted(), filledAtMs: 60_000 };
  expect(isUnheard(heardAt60, 0, 180_000)).toBe(false);
  expect(isUnheard(heardAt60, 0, 180_001)).toBe(true);
  expect(isUnheard(heardAt60, 90_000, 210_000)).toBe(false);
  expect(isUnheard(heardAt60, 90_000, 210_001)).toBe(true);
});
