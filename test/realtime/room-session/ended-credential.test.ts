import { beforeEach, describe, expect, it } from 'vitest';
import { createIds } from '../../../src/kernel/core/index.ts';
import type { RoomTicket } from '../../../src/realtime/protocol/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import { applyCommand, sendForAnswer } from '../../support/room-helpers.ts';

const ids = createIds(() => Date.parse('2026-01-05T09:30:00.000Z'));
const USER = ids.create('user');
const [PHONE, LAPTOP] = [ids.create('session'), ids.create('session')] as const;
const KEY = ids.create('apiKey');
const ofUser = (credential: string | null): Partial<RoomTicket> => ({
  kind: 'user',
  userId: USER,
  name: 'Ada',
  credential,
});

let room: MemoryRoom;
const end = (credential: string, userId: string | null = USER) =>
  applyCommand(room, { type: 'credential.ended', key: `${credential}:ended`, credential, userId });
const codeOf = (open: () => unknown): string => {
  try {
    open();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'opened';
};
const present = () => room.core.roster().people.map(({ identity, connections }) => [identity, connections]);

beforeEach(() => {
  room = new MemoryRoom();
});

it('a socket closes when a day has passed since its person joined, however often it pings, and not when they joined again', async () => {
  const [old, renewed] = [room.join('ext_old'), room.join(USER, ofUser(PHONE))];
  await room.passSeconds(43_200);
  const again = room.join(USER, ofUser(PHONE));
  await room.passSeconds(42_000);
  expect(old.closeCode).toBeUndefined();
  await room.passSeconds(1_200);
  expect([old, renewed, again].map(({ closeCode }) => closeCode)).toEqual([4411, undefined, undefined]);
});

describe('when a session ends', () => {
  it.each([false, true])('its sockets close, those of other devices stay (evicted before: %s)', (evicted) => {
    const phone = room.join(USER, ofUser(PHONE));
    const laptop = room.join(USER, ofUser(LAPTOP));
    if (evicted) room.evict();
    end(PHONE);
    expect([phone.closeCode, laptop.closeCode]).toEqual([4401, undefined]);
    expect(present()).toEqual([[USER, 1]]);
    expect(sendForAnswer(room, laptop, { type: 'hand.raise' })).toMatchObject({ type: 'ack' });
  });

  it('no ticket that rests on it resumes, whenever it was issued', () => {
    const phone = room.join(USER, ofUser(PHONE));
    room.disconnect(phone);
    end(PHONE);
    room.evict();
    expect(codeOf(() => room.open(USER, ofUser(PHONE)))).toBe('realtime.credential_ended');
    room.nowMs += 3_600_000;
    expect(codeOf(() => room.open(USER, ofUser(PHONE)))).toBe('realtime.credential_ended');
    expect(codeOf(() => room.open(USER, ofUser(LAPTOP)))).toBe('opened');
  });

  it('a person without another socket leaves at once, not after the time to reconnect', () => {
    const bob = room.join('ext_bob');
    room.join(USER, ofUser(PHONE));
    end(PHONE);
    expect(bob.framesOf('presence.left')).toMatchObject([{ identity: USER }]);
    expect(present()).toEqual([['ext_bob', 1]]);
  });

  it('their socket in the lobby closes', () => {
    const lobbyEntryId = ids.create('lobbyEntry');
    const waiting = room.join(USER, { ...ofUser(PHONE), lobbyEntryId });
    end(PHONE);
    expect(waiting.closeCode).toBe(4401);
  });

  it('guests, services and other people are untouched', () => {
    const sockets = [
      room.join('gst_eve', { kind: 'guest', linkId: ids.create('link') }),
      room.join('ext_bob', { credential: KEY }),
      room.join(ids.create('user'), { ...ofUser(LAPTOP), userId: ids.create('user') }),
    ];
    end(PHONE);
    expect(sockets.map(({ closeCode }) => closeCode)).toEqual([undefined, undefined, undefined]);
  });

  it('a socket and tickets of the person from before sessions were stored in tickets end with any session', () => {
    const socket = room.join(USER, ofUser(null));
    const old = { ...ofUser(null), issuedAtMs: room.nowMs };
    const guest = room.join('gst_eve', { kind: 'guest', linkId: ids.create('link') });
    end(LAPTOP);
    expect([socket.closeCode, guest.closeCode]).toEqual([4401, undefined]);
    expect(codeOf(() => room.open(USER, old))).toBe('realtime.credential_ended');
  });
});

it('when an API key is revoked, the sockets of its identities close, and those of another key stay', () => {
  const [service, agent] = [
    room.join('ext_bob', { credential: KEY }),
    room.join('agt_bot', { credential: KEY }),
  ];
  const other = room.join('ext_cyd', { credential: ids.create('apiKey') });
  end(KEY, null);
  expect([service.closeCode, agent.closeCode, other.closeCode]).toEqual([4401, 4401, undefined]);
  expect(codeOf(() => room.open('ext_bob', { credential: KEY }))).toBe('realtime.credential_ended');
});

describe('a ticket is renewed', () => {
  it('without asking for proof within a minute of joining', async () => {
    const phone = room.join(USER, ofUser(PHONE));
    await room.waitForPending();
    expect(room.proofs).toEqual([]);
    expect(phone.framesOf('ticket')).toHaveLength(1);
  });

  it('only after what it rests on was proven', async () => {
    const phone = room.join(USER, ofUser(PHONE));
    await room.waitForPending();
    room.nowMs += 61_000;
    room.send(phone, { type: 'ticket.refresh' });
    await room.waitForPending();
    expect(room.proofs).toEqual([PHONE]);
    expect(phone.framesOf('ticket')).toHaveLength(2);
  });

  it('no longer when it has ended: the socket closes instead, also right after a reconnect', async () => {
    const phone = room.join(USER, ofUser(PHONE));
    await room.waitForPending();
    room.endedCredentials.add(PHONE);
    room.nowMs += 61_000;
    room.send(phone, { type: 'ticket.refresh' });
    await room.waitForPending();
    expect(phone.closeCode).toBe(4401);
    const resumed = room.join(USER, { ...ofUser(PHONE), issuedAtMs: room.nowMs - 300_000 });
    await room.waitForPending();
    expect([resumed.closeCode, resumed.framesOf('ticket')]).toEqual([4401, []]);
    expect(present()).toEqual([]);
  });

  it('later when the proof cannot be made now: the socket stays', async () => {
    const phone = room.join(USER, ofUser(PHONE));
    await room.waitForPending();
    room.outage = true;
    room.nowMs += 61_000;
    room.send(phone, { type: 'ticket.refresh' });
    await room.waitForPending();
    expect(phone.closeCode).toBeUndefined();
    expect(phone.framesOf('ticket')).toHaveLength(1);
  });
});
