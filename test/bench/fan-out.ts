import { runAlternating, median, type BenchRow } from './report.ts';
import { RawSocket } from './raw-socket.ts';
import { serveWorker } from './workerd.ts';

const ROUNDS = 5;
const SOCKETS = 100;
const SECONDS = 3;
/** Messages under way in the room at once. */
const IN_FLIGHT = 8;
const TARGET = 0.75;

let frames = 0;
const message = () =>
  JSON.stringify({
    type: 'chat.send',
    id: `bench-frame-${++frames}`,
    text: 'Good morning everybody, we begin in a minute.',
  });

/** Deliveries per second while everybody in the room speaks in turn. */
async function measureDeliveries(sockets: readonly RawSocket[]): Promise<number> {
  const total = () => sockets.reduce((sum, { chatFrames }) => sum + chatFrames, 0);
  let turn = 0;
  const run = { isOver: false };
  const sendMessage = () => sockets[turn++ % sockets.length]!.send(message());
  const listener = sockets[0]!;
  listener.onChat = (received) => {
    for (let i = 0; i < received && !run.isOver; i++) sendMessage();
  };
  const before = total();
  const startedAt = performance.now();
  for (let i = 0; i < IN_FLIGHT; i++) sendMessage();
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  const rate = ((total() - before) * 1000) / (performance.now() - startedAt);
  run.isOver = true;
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (sockets.some(({ closed }) => closed)) throw new Error('a socket was closed');
  return rate;
}

/** A room full of sockets. */
async function openSockets(url: string, object: 'room' | 'bare' | 'storing'): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  for (let i = 0; i < SOCKETS; i++) {
    const path = `/${object}?room=room_01jd3v7q8gf4kr2x6a0w9mznpe&identity=ext_${i}`;
    const socket = await RawSocket.open(url, path);
    if (object === 'room') socket.send('{"type":"hello"}');
    sockets.push(socket);
  }
  return sockets;
}

/**
 * One room with validation, order, history and resume, against an object that only broadcasts; and against one that
 * also stores what it broadcasts, because waiting for storage gathers messages into fewer, larger writes.
 */
export async function benchFanOut(): Promise<BenchRow[]> {
  const server = await serveWorker({
    entry: 'test/bench/worlds/fan-out.ts',
    objects: { BARE: 'BareRoom', STORING: 'StoringRoom', ROOM: 'BenchRoom' },
  });
  try {
    const room = await openSockets(server.url, 'room');
    const compareWith = async (object: 'bare' | 'storing') => {
      const other = await openSockets(server.url, object);
      const [ours, theirs] = [() => measureDeliveries(room), () => measureDeliveries(other)];
      await ours();
      await theirs();
      return runAlternating(ROUNDS, ours, theirs);
    };
    const bare = await compareWith('bare');
    const storing = await compareWith('storing');
    const row = (what: string, { a, b, ratio }: typeof bare, target: number): BenchRow => ({
      what: `fan-out of a room with ${SOCKETS} sockets / ${what}`,
      measured: `${ratio.toFixed(2)} (${Math.round(median(a))} / ${Math.round(median(b))} deliveries/s)`,
      target: `≥ ${target}`,
      holds: ratio >= target,
      figures: { room: a, other: b, ratio },
    });
    return [
      row('an object that only broadcasts', bare, TARGET),
      row('an object that stores and broadcasts', storing, TARGET),
    ];
  } finally {
    await server.stop();
  }
}
