import { expect, it } from 'vitest';
import type { LiveCommand } from '../../../src/realtime/protocol/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { RoomReplica } from '../../support/room-replica.ts';

const POLL = 'pol_01jd3v7q8gf4kr2x6a0w9mznpe';
const CALL = 'call_01jd3v7q8gf4kr2x6a0w9mznpe';
const NOW = '2026-01-05T09:30:00.000Z';

let frames = 0;
const createId = () => `frame-${++frames}-abcdef`;
const applyCommand = (room: MemoryRoom, rest: object) =>
  room.apply({ key: createId(), atMs: room.nowMs, ...rest } as unknown as LiveCommand);

const createPoll = (status: 'open' | 'closed') => ({
  pollId: POLL,
  question: 'Lunch?',
  options: [{ optionId: 'a', text: 'Yes', votes: null }],
  maxChoices: 1,
  anonymous: false,
  status,
  voters: null,
  openedAt: NOW,
  closedAt: null,
});

/** One step for each kind of event in a room, by `ada` or by a verb; each makes at least one event. */
const SCENARIO: ((room: MemoryRoom, ada: MemorySocket) => void)[] = [
  (room, ada) => room.send(ada, { type: 'chat.send', id: createId(), text: 'one' }),
  (room) => applyCommand(room, { type: 'call.started', callId: CALL, startedAt: NOW }),
  (room, ada) => room.send(ada, { type: 'hand.raise', id: createId() }),
  (room) => applyCommand(room, { type: 'poll.opened', poll: createPoll('open') }),
  (room) => void room.join('ext_cyd'),
  (room, ada) => room.send(ada, { type: 'presence.update', id: createId(), status: 'away' }),
  (room) => applyCommand(room, { type: 'participant.role', identity: 'ext_bob', role: 'moderator' }),
  (room, ada) => room.send(ada, { type: 'chat.send', id: createId(), text: 'two' }),
  (room) => applyCommand(room, { type: 'spotlight', identity: 'ext_ada' }),
  (room) => applyCommand(room, { type: 'room.locked', locked: true }),
  (room) => applyCommand(room, { type: 'hands.lower', identity: null }),
  (room) => applyCommand(room, { type: 'room.updated', name: 'Standup', features: { files: false } }),
  (room) => applyCommand(room, { type: 'participant.removed', identity: 'ext_cyd', reason: 'noise' }),
  (room) => applyCommand(room, { type: 'poll.closed', poll: createPoll('closed') }),
  (room, ada) => room.send(ada, { type: 'chat.send', id: createId(), text: 'three' }),
];

/** A client on its own connection; it reads the frames that have arrived and are not read yet. */
class Reader {
  readonly client = new RoomReplica();
  socket: MemorySocket;
  #read = 0;

  constructor(socket: MemorySocket) {
    this.socket = socket;
  }

  /** Reads at most `count` frames. */
  read(count = Infinity): void {
    const to = Math.min(this.socket.texts.length, this.#read + count);
    for (; this.#read < to; this.#read++) this.client.receive(this.socket.texts[this.#read]!);
  }

  reconnect(room: MemoryRoom): void {
    room.disconnect(this.socket);
    this.socket = room.join('ext_bob', {}, this.client.cursor);
    this.#read = 0;
  }
}

const seqs = ({ client }: Reader) => client.events.map(({ seq }) => seq);

/** Runs all steps; `between` is called before each of them and at the end. */
function run(between: (room: MemoryRoom, bob: Reader, index: number) => void) {
  const room = new MemoryRoom();
  const ada = room.join('ext_ada');
  const bob = new Reader(room.join('ext_bob'));
  bob.read();
  SCENARIO.forEach((happen, index) => {
    between(room, bob, index);
    happen(room, ada);
    room.nowMs += 7;
  });
  between(room, bob, SCENARIO.length);
  bob.read();
  const fresh = new Reader(room.join('ext_dan', { role: 'observer' }));
  fresh.read();
  return { room, bob, fresh };
}

const indices = SCENARIO.map((_each, index) => index).concat(SCENARIO.length);

function expectComplete({ bob, fresh }: ReturnType<typeof run>): void {
  expect(bob.client.violations).toEqual([]);
  expect(bob.client.gaps).toEqual([]);
  const from = seqs(bob)[0]!;
  expect(seqs(bob)).toEqual(seqs(bob).map((_seq, i) => from + i));
  expect(seqs(bob).length).toBeGreaterThanOrEqual(SCENARIO.length);
  expect(bob.client.view()).toEqual(fresh.client.view());
}

it('a client that stays connected receives each event once and in order, and ends with the state of a new welcome', () => {
  expectComplete(run(() => undefined));
});

it.each(indices)(
  'a client that is disconnected before event %i and reconnects receives each event once and in order',
  (at) => {
    expectComplete(run((room, bob, index) => void (index === at && bob.reconnect(room))));
  },
);

it.each(indices)(
  'a client that is disconnected before event %i and misses three receives them when it reconnects',
  (at) => {
    let gone = false;
    expectComplete(
      run((room, bob, index) => {
        if (index === at) {
          room.disconnect(bob.socket);
          gone = true;
        }
        if (gone && (index === at + 3 || index === SCENARIO.length)) {
          bob.reconnect(room);
          gone = false;
        }
      }),
    );
  },
);

it.each(indices)(
  'a client that had read only %i frames when its connection broke receives the rest once',
  (count) => {
    expectComplete(
      run((room, bob, index) => {
        if (index !== SCENARIO.length) return;
        bob.read(count);
        bob.reconnect(room);
      }),
    );
  },
);

it.each(indices)('an eviction before event %i changes nothing for any client', (at) => {
  expectComplete(run((room, _bob, index) => void (index === at && room.evict())));
});

it.each(indices)('an eviction before event %i loses no event for a client that is away', (at) => {
  expectComplete(
    run((room, bob, index) => {
      if (index !== at) return;
      room.disconnect(bob.socket);
      room.evict();
      bob.reconnect(room);
    }),
  );
});

it('no event is lost when the room is evicted before every event and a client reconnects before every other', () => {
  expectComplete(
    run((room, bob, index) => {
      room.evict();
      if (index % 2 === 1) bob.reconnect(room);
    }),
  );
});
