import { describe, expect, it } from 'vitest';
import {
  requiredClose,
  INBOX_FRAME_RATE,
  INBOX_CLOSE_CODES,
  isHelloOverdue,
  isUnresponsive,
  createConnection,
  receiveDeviceFrame,
} from '../../../src/people/inbox/index.ts';

const claims = { organizationId: 'org_1', userId: 'usr_1', sessionId: 'ses_1', role: 'member', plan: 'free' };
const createFresh = () => createConnection(claims, '0123456789abcdef', 0);
const createGreeted = () => ({ ...createFresh(), greeted: true });
const RING_ID = 'rng_01jd3v7q8gf4kr2x6a0w9mznpe';

const receiveOnce = (data: string | ArrayBuffer, connection = createGreeted()) =>
  receiveDeviceFrame(connection, data, 0).received;
const codeOf = (data: string | ArrayBuffer, connection = createGreeted()) => {
  const received = receiveOnce(data, connection);
  return received.kind === 'refused' ? [received.error.code, received.id] : received.kind;
};

describe('a frame', () => {
  it.each([
    [{ type: 'hello' }, createFresh()],
    [{ type: 'hello', cursor: { epoch: 'a', seq: 3 } }, createFresh()],
    [{ type: 'ping' }, createFresh()],
    [{ type: 'ack', seq: 3 }, createGreeted()],
    [{ type: 'presence.set', status: 'dnd', message: 'Workshop', expiresAt: null }, createGreeted()],
    [{ type: 'presence.subscribe', userIds: [] }, createGreeted()],
    [{ type: 'ring.accept', ringId: RING_ID, id: '1' }, createGreeted()],
  ])('%j is taken', (frame, connection) => {
    expect(receiveOnce(JSON.stringify(frame), connection)).toMatchObject({ kind: 'frame', frame });
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
    expect(codeOf('{"type":"ack","seq":1,"id":"7"}', createFresh())).toEqual(['realtime.hello_first', '7']);
  });

  it('over 8 KiB closes the connection, counted in bytes', () => {
    expect(receiveOnce('x'.repeat(8_193))).toEqual({ kind: 'closed', close: INBOX_CLOSE_CODES.tooLarge });
    expect(receiveOnce(`"${'€'.repeat(2_731)}"`)).toEqual({
      kind: 'closed',
      close: INBOX_CLOSE_CODES.tooLarge,
    });
    expect(codeOf(`"${'x'.repeat(8_100)}"`)).toEqual(['realtime.malformed_frame', null]);
  });

  it('that is bad for the tenth time closes the connection', () => {
    let connection = createGreeted();
    const kinds = Array.from({ length: 10 }, (_, i) => {
      const answer = receiveDeviceFrame(connection, 'nonsense', i * 1_000);
      ({ connection } = answer);
      return answer.received.kind;
    });
    expect(kinds).toEqual([...Array.from({ length: 9 }, () => 'refused'), 'closed']);
  });
});

describe('a flood', () => {
  const ack = '{"type":"ack","seq":1}';

  it('is refused beyond its burst, and closes the connection when it goes on', () => {
    let connection = createGreeted();
    const kinds = Array.from({ length: 2 * INBOX_FRAME_RATE.burst + 1 }, () => {
      const answer = receiveDeviceFrame(connection, ack, 0);
      ({ connection } = answer);
      return answer.received.kind;
    });
    expect(kinds.slice(0, INBOX_FRAME_RATE.burst).every((kind) => kind === 'frame')).toBe(true);
    expect(kinds.slice(INBOX_FRAME_RATE.burst, -1).every((kind) => kind === 'refused')).toBe(true);
    expect(kinds.at(-1)).toBe('closed');
  });

  it('is what comes faster than three a second, for good', () => {
    let connection = createGreeted();
    for (let i = 0; i < 1_000; i++) {
      const answer = receiveDeviceFrame(connection, ack, i * 334);
      ({ connection } = answer);
      expect(answer.received.kind).toBe('frame');
    }
  });
});

describe('a connection', () => {
  const standing = { role: 'member', openSessions: ['ses_1'] };

  it('goes when its session or the membership has ended, or it is twelve hours old', () => {
    expect(requiredClose(createGreeted(), standing, 0)).toBeUndefined();
    expect(requiredClose(createGreeted(), { ...standing, openSessions: ['ses_2'] }, 0)).toBe(
      INBOX_CLOSE_CODES.sessionEnded,
    );
    expect(requiredClose(createGreeted(), { ...standing, role: null }, 0)).toBe(
      INBOX_CLOSE_CODES.sessionEnded,
    );
    expect(requiredClose(createGreeted(), standing, 43_200_000)).toBe(INBOX_CLOSE_CODES.expired);
  });

  it('has ten seconds to say hello', () => {
    expect([
      isHelloOverdue(createFresh(), 9_999),
      isHelloOverdue(createFresh(), 10_000),
      isHelloOverdue(createGreeted(), 10_000),
    ]).toEqual([false, true, false]);
  });
});

describe('following people', () => {
  const subscribe = (people: number) => {
    const userIds = Array.from({ length: people }, (_, at) => `usr_${String(at).padStart(26, '0')}`);
    return JSON.stringify({ type: 'presence.subscribe', userIds, id: '7' });
  };

  it('costs by how many they are: a hundred at once, not a hundred again and again', () => {
    const first = receiveDeviceFrame(createGreeted(), subscribe(100), 0);
    expect(first.received.kind).toBe('frame');
    const again = receiveDeviceFrame(first.connection, subscribe(100), 1_000);
    expect(again.received).toMatchObject({
      kind: 'refused',
      id: '7',
      error: { code: 'realtime.too_fast', details: { retryAfterSeconds: 4 } },
    });
    expect(receiveDeviceFrame(again.connection, subscribe(5), 1_000).received.kind).toBe('frame');
    expect(receiveDeviceFrame(again.connection, subscribe(100), 5_000).received.kind).toBe('frame');
  });

  it('refused is no bad frame and no flood', () => {
    let connection = receiveDeviceFrame(createGreeted(), subscribe(100), 0).connection;
    for (let at = 0; at < 9; at++) ({ connection } = receiveDeviceFrame(connection, subscribe(100), 0));
    expect(connection.badFrames).toBe(0);
  });
});

it('a connection is gone two minutes after its last frame or ping, whichever was later', () => {
  const heardAt60 = { ...createGreeted(), filledAtMs: 60_000 };
  expect(isUnresponsive(heardAt60, 0, 180_000)).toBe(false);
  expect(isUnresponsive(heardAt60, 0, 180_001)).toBe(true);
  expect(isUnresponsive(heardAt60, 90_000, 210_000)).toBe(false);
  expect(isUnresponsive(heardAt60, 90_000, 210_001)).toBe(true);
});
