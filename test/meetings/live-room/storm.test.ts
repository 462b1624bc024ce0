import { expect, it } from 'vitest';
import { type MemoryLine, MemoryRoom } from '../../support/live-room.ts';
import { RoomClient } from '../../support/room-client.ts';
import { randomFrom } from '../../support/random.ts';
import { ask, frameId, tell } from './room.ts';

const STEPS = 80;
const NAMES = ['ext_ada', 'ext_bob', 'ext_cyd'];

/** Somebody whose line breaks, who reads late, and who sends again what was not acknowledged. */
class Somebody {
  readonly client = new RoomClient();
  readonly said: string[] = [];
  readonly #room: MemoryRoom;
  readonly #name: string;
  #line: MemoryLine | undefined;
  #read = 0;
  #unsure: { type: string; id: string; text: string } | undefined;

  constructor(room: MemoryRoom, name: string) {
    this.#room = room;
    this.#name = name;
    this.connect();
  }

  connect(): void {
    if (this.#line) return;
    this.#line = this.#room.join(this.#name, { role: 'host' }, this.client.cursor);
    this.#read = 0;
    this.read();
    if (this.#unsure) this.#send(this.#unsure);
  }

  /** @param share of what has arrived by now that is read before the line breaks; the rest is lost */
  disconnect(share: number): void {
    if (!this.#line) return;
    this.read(Math.floor(share * (this.#line.received.length - this.#read)));
    this.#room.drop(this.#line);
    this.#line = undefined;
  }

  read(count = Infinity): void {
    const { received } = this.#line!;
    const to = Math.min(received.length, this.#read + count);
    for (; this.#read < to; this.#read++) this.client.take(received[this.#read]!);
  }

  say(text: string): void {
    if (!this.#line) return;
    this.#send({ type: 'chat.send', id: frameId(), text });
  }

  act(frame: { type: string; [field: string]: unknown }): void {
    if (this.#line) ask(this.#room, this.#line, frame);
  }

  /** The ack may be lost with the line: what was accepted is sent again when the line is back. */
  #send(frame: { type: string; id: string; text: string }): void {
    const answer = ask(this.#room, this.#line!, frame);
    if (frame === this.#unsure) return expect(answer).toMatchObject({ type: 'ack' });
    if (answer?.type !== 'ack') return; // they were made an observer
    this.said.push(frame.text);
    this.#unsure = frame;
  }
}

async function storm(seed: number) {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const room = new MemoryRoom();
  const people = NAMES.map((name) => new Somebody(room, name));
  const happenings: (() => void | Promise<void>)[] = [
    ...Array.from({ length: 4 }, () => () => pick(people).say(`word ${random()}`)),
    () => pick(people).disconnect(random()),
    () => pick(people).disconnect(1),
    ...Array.from({ length: 3 }, () => () => pick(people).connect()),
    () => room.evict(),
    () => room.pass(pick([1, 3, 12, 130])),
    () => pick(people).act({ type: pick(['hand.raise', 'hand.lower']) }),
    () => pick(people).act({ type: 'presence.update', status: pick(['active', 'away']) }),
    () => tell(room, { type: 'spotlight', identity: pick([...NAMES, null]) }),
    () => tell(room, { type: 'hands.lower', identity: pick([...NAMES, null]) }),
    () => tell(room, { type: 'room.locked', locked: random() < 0.5 }),
    () =>
      tell(room, {
        type: 'participant.role',
        identity: pick(NAMES),
        role: pick(['host', 'moderator', 'observer']),
      }),
    () => {
      room.outage = random() < 0.5;
    },
  ];
  for (let i = 0; i < STEPS; i++) {
    room.nowMs += Math.floor(random() * 400);
    await pick(happenings)();
  }
  // Everybody is here in the end, and may say everything.
  for (const identity of NAMES) tell(room, { type: 'participant.role', identity, role: 'host' });
  for (const person of people) person.connect();
  for (const person of people) person.read();
  const fresh = new RoomClient();
  for (const text of room.join('ext_dan', { role: 'observer' }).received) fresh.take(text);
  room.outage = false;
  await room.pass(120);
  return { room, people, fresh };
}

it.each(Array.from({ length: 60 }, (_each, i) => 20_260_105 + i))(
  'whatever happens (%i), everybody has seen each event once and in order, and all know the same',
  async (seed) => {
    const { room, people, fresh } = await storm(seed);
    const kept = room.kept.flatMap((event) => (event.type === 'chat.message' ? [event.text] : []));
    expect(kept.toSorted()).toEqual(people.flatMap(({ said }) => said).toSorted());
    for (const { client } of people) {
      expect(client.broken).toEqual([]);
      expect(client.gaps).toEqual([]);
      const seqs = client.events.map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_seq, i) => seqs[0]! + i));
      expect(client.view()).toEqual(fresh.view());
      const heard = client.events.flatMap((event) => (event.type === 'chat.message' ? [event.text] : []));
      expect(kept.slice(kept.length - heard.length)).toEqual(heard);
    }
  },
);
