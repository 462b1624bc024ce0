import { beforeEach, expect, it } from 'vitest';
import { SOCKETS_PER_IDENTITY, SOCKETS_PER_ROOM } from '../../../src/realtime/room-session/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { sendForAnswer, createFrameId, sendChat } from '../../support/room-helpers.ts';

let room: MemoryRoom;
let ada: MemorySocket;
let eve: MemorySocket;

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  eve = room.join('ext_eve');
});

const errors = (socket: MemorySocket) => socket.framesOf('error').map(({ code }) => code);
/** The other sockets work as before. */
function expectUnharmed(): void {
  expect(sendChat(room, ada, 'all is well')).toMatchObject({ type: 'ack' });
  expect(errors(ada)).toEqual([]);
  expect(ada.closeCode).toBeUndefined();
}

const GARBAGE: [name: string, frame: object | string | ArrayBuffer][] = [
  ['no JSON', '{"type":'],
  ['no object', '42'],
  ['null', 'null'],
  ['no type', {}],
  ['an unknown type', { type: 'sudo' }],
  ['a prototype', { type: '__proto__' }],
  ['a missing field', { type: 'chat.send', id: 'frame-0-abcdef' }],
  ['an unknown field', { type: 'hand.raise', id: 'frame-0-abcdef', admin: true }],
  ['an id that is too short', { type: 'hand.raise', id: '1' }],
  ['text with NUL', { type: 'chat.send', id: 'frame-0-abcdef', text: 'a\u0000b' }],
  ['half a character', { type: 'chat.send', id: 'frame-0-abcdef', text: '\ud800' }],
  ['a number out of range', { type: 'chat.read', seq: 1e308 }],
  ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['bytes', new ArrayBuffer(10)],
];

it.each(GARBAGE)('%s is refused without harm to others', (_name, frame) => {
  room.send(eve, frame);
  expect(errors(eve)).toEqual([
    expect.toSatisfy((code: string) => ['realtime.malformed_frame', 'realtime.invalid_frame'].includes(code)),
  ]);
  expect(eve.closeCode).toBeUndefined();
  expectUnharmed();
});

it.each(GARBAGE)('%s five times closes the socket that sends it, and no other', (_name, frame) => {
  for (let i = 0; i < 10; i++) room.send(eve, frame);
  expect(eve.closeCode).toBe(4400);
  expect(errors(eve)).toHaveLength(5);
  expectUnharmed();
});

it('a refusal has the id of the frame and names the wrong field', () => {
  room.send(eve, { type: 'chat.edit', id: 'frame-7-abcdef', messageId: 'room_1', text: 'x' });
  expect(eve.framesOf('error')).toMatchObject([
    {
      id: 'frame-7-abcdef',
      code: 'realtime.invalid_frame',
      detail: expect.stringContaining('messageId'),
    },
  ]);
});

it.each(['a', 'é', '語', '😀'])(
  'a frame of more than 64 KiB of %s closes the socket before it is parsed',
  (text) => {
    const size = new TextEncoder().encode(text).length;
    const below = { type: 'sudo', text: text.repeat(Math.floor((65_536 - 40) / size)) };
    room.send(eve, below);
    expect(eve.closeCode).toBeUndefined();
    room.send(eve, { type: 'sudo', text: text.repeat(Math.ceil(65_536 / size)) });
    expect(errors(eve)).toEqual(['realtime.malformed_frame', 'realtime.frame_too_large']);
    expect(eve.closeCode).toBe(1009);
    expectUnharmed();
  },
);

it('frames above the rate are refused one by one; a flood closes its socket', () => {
  for (let i = 0; i < 60; i++) room.send(eve, { type: 'typing', on: true });
  expect(errors(eve).length).toBeLessThanOrEqual(1);
  for (let i = 0; i < 50; i++) room.send(eve, { type: 'typing', on: true });
  expect(errors(eve).at(-1)).toBe('realtime.too_fast');
  expect(eve.closeCode).toBeUndefined();
  for (let i = 0; i < 100; i++) room.send(eve, { type: 'typing', on: true });
  expect(eve.closeCode).toBe(4429);
  expectUnharmed();
  expect(ada.framesOf('typing').length).toBeLessThan(70);
});

it('a refused frame is accepted a little later, and agents have a higher limit', () => {
  for (let i = 0; i < 70; i++) room.send(eve, { type: 'typing', on: true });
  room.nowMs += 1_000;
  expect(sendChat(room, eve, 'patience')).toMatchObject({ type: 'ack' });
  const agent = room.join('agt_scribe', { role: 'agent', kind: 'agent' });
  room.nowMs += 2_000;
  for (let i = 0; i < 200; i++) room.send(agent, { type: 'typing', on: true });
  expect(errors(agent)).toEqual([]);
});

it('the first frame must be hello, and no other may be', () => {
  const line = room.open('ext_cyd');
  expect(sendForAnswer(room, line, { type: 'chat.send', text: 'hi' })).toMatchObject({
    code: 'realtime.hello_first',
  });
  expect(line.framesOf('chat.message')).toEqual([]);
  room.send(line, { type: 'hello' });
  room.send(line, { type: 'hello' });
  expect(errors(line)).toEqual(['realtime.hello_first', 'realtime.hello_twice']);
});

it('a socket receives nothing before its hello, and its person is not shown', () => {
  const line = room.open('ext_cyd');
  sendChat(room, ada, 'hi');
  expect(line.texts).toEqual([]);
  expect(ada.framesOf('presence.joined')).toHaveLength(1);
});

it('a socket that does not read is closed before it holds back half a megabyte', () => {
  eve.stalled = true;
  for (let i = 0; i < 400 && eve.closeCode === undefined; i++) {
    room.nowMs += 60;
    sendChat(room, ada, 'x'.repeat(4_000));
  }
  expect(eve.closeCode).toBe(4413);
  expect(eve.bufferedAmount).toBeLessThan(512 * 1024);
  expectUnharmed();
});

it('a client that was closed reconnects without missing an event', () => {
  const cursor = eve.framesOf('welcome')[0]!.cursor;
  eve.stalled = true;
  for (let i = 0; i < 80; i++) {
    room.nowMs += 120;
    sendChat(room, ada, `${i} ${'x'.repeat(3_990)}`);
  }
  expect(eve.closeCode).toBe(4413);
  room.disconnect(eve);
  const back = room.join('ext_eve', {}, cursor);
  expect(back.framesOf('chat.message').map(({ text }) => text.split(' ')[0])).toEqual(
    Array.from({ length: 80 }, (_each, i) => String(i)),
  );
});

it('a socket that requests much and reads nothing is closed as well', () => {
  eve.stalled = true;
  eve.bufferedAmount = 300 * 1024;
  room.send(eve, { type: 'ping', id: createFrameId() });
  expect(eve.closeCode).toBe(4413);
});

it('a socket that breaks while it is written to does not affect others', () => {
  eve.closeCode = 1006;
  expectUnharmed();
});

it('the newest five sockets of a person stay open', () => {
  const lines = Array.from({ length: SOCKETS_PER_IDENTITY + 2 }, () => {
    room.nowMs += 1;
    return room.join('ext_cyd');
  });
  expect(lines.map(({ closeCode }) => closeCode)).toEqual([
    4409,
    4409,
    ...lines.slice(2).map(() => undefined),
  ]);
});

it('closed sockets count until the runtime reports that they are gone', () => {
  const open = () => room.join('ext_cyd');
  const lines = Array.from({ length: 2 * SOCKETS_PER_IDENTITY - 1 }, open);
  expect(open).not.toThrow();
  expect(open).toThrow(expect.objectContaining({ code: 'realtime.too_many_sockets' }));
  for (const line of lines) if (line.closeCode) room.disconnect(line, line.closeCode);
  expect(open).not.toThrow();
});

it('a person who keeps reconnecting is refused for a while, others are not', () => {
  const come = (identity: string) => room.disconnect(room.join(identity));
  for (let i = 0; i < 20; i++) come('ext_cyd');
  expect(() => come('ext_cyd')).toThrow(expect.objectContaining({ code: 'realtime.too_fast' }));
  expect(() => come('ext_dan')).not.toThrow();
  room.nowMs += 2_000;
  expect(() => come('ext_cyd')).not.toThrow();
});

it('a room accepts a thousand sockets and refuses the next', () => {
  for (let i = 2; i < SOCKETS_PER_ROOM; i++) room.open(`ext_${i}`);
  expect(() => room.open('ext_late')).toThrow(expect.objectContaining({ code: 'realtime.room_full' }));
});

it('a socket that was silent for two minutes is closed, and its person leaves', async () => {
  eve.silent = true;
  await room.passSeconds(300);
  expect(eve.closeCode).toBe(4408);
  expect(ada.closeCode).toBeUndefined();
  await room.passSeconds(15);
  expect(ada.framesOf('presence.left')).toMatchObject([{ identity: 'ext_eve' }]);
});

it('a socket that sends a frame now and then stays open, also across evictions', async () => {
  eve.silent = true;
  for (let i = 0; i < 20; i++) {
    room.send(eve, { type: 'typing', on: true });
    room.evict();
    await room.passSeconds(45);
  }
  expect(eve.closeCode).toBeUndefined();
});
