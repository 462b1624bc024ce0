import { describe, expect, it } from 'vitest';
import { INBOX_FRAME_RATE } from '../../../src/people/inbox/index.ts';
import {
  createConnection,
  isHelloOverdue,
  receiveDeviceFrame,
  requiredClose,
} from '../../../src/people/inbox-session/index.ts';

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

describe('a frame of a device', () => {
  it.each([
    [{ type: 'hello' }, createFresh()],
    [{ type: 'hello', cursor: { epoch: 'a', seq: 3 } }, createFresh()],
    [{ type: 'ping' }, createFresh()],
    [{ type: 'ack', seq: 3 }, createGreeted()],
    [{ type: 'presence.set', status: 'dnd', message: 'Workshop', expiresAt: null }, createGreeted()],
    [{ type: 'presence.subscribe', userIds: [] }, createGreeted()],
    [{ type: 'ring.accept', ringId: RING_ID, id: '1' }, createGreeted()],
  ])('%j is accepted', (frame, connection) => {
    expect(receiveOnce(JSON.stringify(frame), connection)).toMatchObject({ kind: 'frame', frame });
  });

  it.each([
    ['that is not JSON', '{', 'realtime.malformed_frame', null],
    ['that is not an object', '7', 'realtime.malformed_frame', null],
    ['that is null', 'null', 'realtime.malformed_frame', null],
    ['of bytes', new ArrayBuffer(3), 'realtime.malformed_frame', null],
    ['of an unknown type', '{"type":"explode","id":"7"}', 'realtime.malformed_frame', '7'],
    ['without its required fields', '{"type":"ring.accept","id":"7"}', 'realtime.invalid_frame', '7'],
    [
      'with an unknown field',
      `{"type":"ring.accept","ringId":"${RING_ID}","x":1}`,
      'realtime.invalid_frame',
      null,
    ],
    [
      'with a NUL character',
      '{"type":"presence.set","status":"dnd","message":"a\\u0000"}',
      'realtime.invalid_frame',
      null,
    ],
    ['that says hello again', '{"type":"hello"}', 'realtime.hello_twice', null],
  ])('%s is refused', (_what, data, code, id) => {
    expect(codeOf(data)).toEqual([code, id]);
  });

  it('is refused before hello', () => {
    expect(codeOf('{"type":"ack","seq":1,"id":"7"}', createFresh())).toEqual(['realtime.hello_first', '7']);
  });

  it('of more than 8 KiB, counted in bytes, closes the connection', () => {
    expect(receiveOnce('x'.repeat(8_193))).toEqual({ kind: 'closed', closeName: 'tooLarge' });
    expect(receiveOnce(`"${'€'.repeat(2_731)}"`)).toEqual({ kind: 'closed', closeName: 'tooLarge' });
    expect(codeOf(`"${'x'.repeat(8_100)}"`)).toEqual(['realtime.malformed_frame', null]);
  });

  it('that is not valid closes the connection at the tenth time', () => {
    let connection = createGreeted();
    const kinds = Array.from({ length: 10 }, (_, i) => {
      const answer = receiveDeviceFrame(connection, 'nonsense', i * 1_000);
      ({ connection } = answer);
      return answer.received.kind;
    });
    expect(kinds).toEqual([...Array.from({ length: 9 }, () => 'refused'), 'closed']);
  });
});

describe('a connection that sends too fast', () => {
  const ack = '{"type":"ack","seq":1}';

  it('is refused beyond its burst, and closed if it continues', () => {
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

  it('is never refused at three frames a second', () => {
    let connection = createGreeted();
    for (let i = 0; i < 1_000; i++) {
      const answer = receiveDeviceFrame(connection, ack, i * 334);
      ({ connection } = answer);
      expect(answer.received.kind).toBe('frame');
    }
  });
});

describe('a connection', () => {
  const status = { role: 'member', openSessions: ['ses_1'] };

  it('must close when its session or the membership has ended, or after twelve hours', () => {
    expect(requiredClose(createGreeted(), status, 0)).toBeUndefined();
    expect(requiredClose(createGreeted(), { ...status, openSessions: ['ses_2'] }, 0)).toBe('sessionEnded');
    expect(requiredClose(createGreeted(), { ...status, role: null }, 0)).toBe('sessionEnded');
    expect(requiredClose(createGreeted(), status, 43_200_000)).toBe('expired');
  });

  it('has ten seconds to say hello', () => {
    expect([
      isHelloOverdue(createFresh(), 9_999),
      isHelloOverdue(createFresh(), 10_000),
      isHelloOverdue(createGreeted(), 10_000),
    ]).toEqual([false, true, false]);
  });
});

describe('presence.subscribe', () => {
  const subscribe = (people: number) => {
    const userIds = Array.from({ length: people }, (_, at) => `usr_${String(at).padStart(26, '0')}`);
    return JSON.stringify({ type: 'presence.subscribe', userIds, id: '7' });
  };

  it('costs more for more people: a hundred at once, but not a hundred repeatedly', () => {
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

  it('counts neither as a bad frame nor as flooding when it is refused', () => {
    let connection = receiveDeviceFrame(createGreeted(), subscribe(100), 0).connection;
    for (let at = 0; at < 9; at++) ({ connection } = receiveDeviceFrame(connection, subscribe(100), 0));
    expect(connection.badFrames).toBe(0);
  });
});
