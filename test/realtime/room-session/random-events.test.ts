import { expect, it } from 'vitest';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { RoomReplica } from '../../support/room-replica.ts';
import { randomFrom } from '../../support/random.ts';
import { sendForAnswer, createFrameId, applyCommand } from '../../support/room-helpers.ts';

const STEPS = 80;
const NAMES = ['ext_ada', 'ext_bob', 'ext_cyd'];

/** A client whose connection breaks, that reads late, and that sends again what was not acknowledged. */
class UnreliableClient {
  readonly client = new RoomReplica();
  readonly acceptedTexts: string[] = [];
  readonly #room: MemoryRoom;
  readonly #name: string;
  #socket: MemorySocket | undefined;
  #read = 0;
  #unconfirmedFrame: { type: string; id: string; text: string } | undefined;

  constructor(room: MemoryRoom, name: string) {
    this.#room = room;
    this.#name = name;
    this.connect();
  }

  connect(): void {
    if (this.#socket) return;
    this.#socket = this.#room.join(this.#name, { role: 'host' }, this.client.cursor);
    this.#read = 0;
    this.read();
    if (this.#unconfirmedFrame) this.#send(this.#unconfirmedFrame);
  }

  /** @param share of the arrived frames that are read before the connection breaks; the rest is lost */
  disconnect(share: number): void {
    if (!this.#socket) return;
    this.read(Math.floor(share * (this.#socket.texts.length - this.#read)));
    this.#room.disconnect(this.#socket);
    this.#socket = undefined;
  }

  read(count = Infinity): void {
    const { texts } = this.#socket!;
    const to = Math.min(texts.length, this.#read + count);
    for (; this.#read < to; this.#read++) this.client.receive(texts[this.#read]!);
  }

  sendChat(text: string): void {
    if (!this.#socket) return;
    this.#send({ type: 'chat.send', id: createFrameId(), text });
  }

  sendFrame(frame: { type: string; [field: string]: unknown }): void {
    if (this.#socket) sendForAnswer(this.#room, this.#socket, frame);
  }

  /** The ack may be lost with the connection: an accepted frame is sent again after the reconnection. */
  #send(frame: { type: string; id: string; text: string }): void {
    const answer = sendForAnswer(this.#room, this.#socket!, frame);
    if (frame === this.#unconfirmedFrame) return expect(answer).toMatchObject({ type: 'ack' });
    if (answer?.type !== 'ack') return; // refused: the person is an observer
    this.acceptedTexts.push(frame.text);
    this.#unconfirmedFrame = frame;
  }
}

async function runRandomEvents(seed: number) {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const room = new MemoryRoom();
  const people = NAMES.map((name) => new UnreliableClient(room, name));
  const actions: (() => void | Promise<void>)[] = [
    ...Array.from({ length: 4 }, () => () => pick(people).sendChat(`word ${random()}`)),
    () => pick(people).disconnect(random()),
    () => pick(people).disconnect(1),
    ...Array.from({ length: 3 }, () => () => pick(people).connect()),
    () => room.evict(),
    () => room.passSeconds(pick([1, 3, 12, 130])),
    () => pick(people).sendFrame({ type: pick(['hand.raise', 'hand.lower']) }),
    () => pick(people).sendFrame({ type: 'presence.update', status: pick(['active', 'away']) }),
    () => applyCommand(room, { type: 'spotlight', identity: pick([...NAMES, null]) }),
    () => applyCommand(room, { type: 'hands.lower', identity: pick([...NAMES, null]) }),
    () => applyCommand(room, { type: 'room.locked', locked: random() < 0.5 }),
    () =>
      applyCommand(room, {
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
    await pick(actions)();
  }
  // In the end everybody is connected and may send every frame.
  for (const identity of NAMES) applyCommand(room, { type: 'participant.role', identity, role: 'host' });
  for (const person of people) person.connect();
  for (const person of people) person.read();
  const fresh = new RoomReplica();
  for (const text of room.join('ext_dan', { role: 'observer' }).texts) fresh.receive(text);
  room.outage = false;
  await room.passSeconds(120);
  return { room, people, fresh };
}

it.each(Array.from({ length: 60 }, (_each, i) => 20_260_105 + i))(
  'after random events (seed %i) every client has received each event once and in order, and all have the same state',
  async (seed) => {
    const { room, people, fresh } = await runRandomEvents(seed);
    const storedTexts = room.storedChat.flatMap((event) =>
      event.type === 'chat.message' ? [event.text] : [],
    );
    expect(storedTexts.toSorted()).toEqual(people.flatMap(({ acceptedTexts }) => acceptedTexts).toSorted());
    for (const { client } of people) {
      expect(client.violations).toEqual([]);
      expect(client.gaps).toEqual([]);
      const seqs = client.events.map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_seq, i) => seqs[0]! + i));
      expect(client.view()).toEqual(fresh.view());
      const receivedTexts = client.events.flatMap((event) =>
        event.type === 'chat.message' ? [event.text] : [],
      );
      expect(storedTexts.slice(storedTexts.length - receivedTexts.length)).toEqual(receivedTexts);
    }
  },
);
