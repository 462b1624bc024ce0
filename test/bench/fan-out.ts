import { compareSides, type Side } from './kit/compare.ts';
import { RawSocket } from './kit/raw-socket.ts';
import { type BenchRow, createRatioRow } from './kit/report.ts';
import { type ServedWorker, serveWorker } from './kit/workerd.ts';

const SOCKETS = 100;
/** Messages under way in the room at once. */
const IN_FLIGHT = 8;
const MISSING_AFTER_MS = 10_000;
const TARGET = 0.9;
/** Against an object that stores too: an answer to the sender, access, limits and the chat's way to the database are left. */
const STORING_TARGET = 0.75;

let frames = 0;
const message = () =>
  JSON.stringify({
    type: 'chat.send',
    id: `bench-frame-${++frames}`,
    text: 'Good morning everybody, we begin in a minute.',
  });

/**
 * Everybody in the room speaks in turn, for so many milliseconds.
 * @returns the deliveries, when all have arrived. @throws Error when one does not arrive
 */
async function deliverMessages(sockets: readonly RawSocket[], milliseconds: number): Promise<number> {
  const countDeliveries = () => sockets.reduce((sum, { chatFrames }) => sum + chatFrames, 0);
  const before = countDeliveries();
  const endsAt = performance.now() + milliseconds;
  const listener = sockets[0]!;
  let sent = 0;
  const sendMessage = () => sockets[sent++ % sockets.length]!.send(message());
  listener.onChat = (received) => {
    for (let i = 0; i < received && performance.now() < endsAt; i++) sendMessage();
  };
  for (let i = 0; i < IN_FLIGHT; i++) sendMessage();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, performance.now() < endsAt ? milliseconds / 10 : 1));
    const missing = before + sent * sockets.length - countDeliveries();
    if (missing === 0 && performance.now() >= endsAt) return sent * sockets.length;
    if (performance.now() > endsAt + MISSING_AFTER_MS) throw new Error(`${missing} deliveries are missing`);
  }
}

/** A room full of sockets on a server of its own. */
async function openSide(server: ServedWorker, object: 'room' | 'bare' | 'storing'): Promise<Side> {
  const sockets: RawSocket[] = [];
  for (let i = 0; i < SOCKETS; i++) {
    const path = `/${object}?room=room_01jd3v7q8gf4kr2x6a0w9mznpe&identity=ext_${i}`;
    const socket = await RawSocket.open(server.url, path);
    if (object === 'room') socket.send('{"type":"hello"}');
    sockets.push(socket);
  }
  return { pid: server.pid, run: (milliseconds) => deliverMessages(sockets, milliseconds) };
}

/**
 * One room with validation, order, history and resume, against an object that only broadcasts; and against one that
 * also stores what it broadcasts, because waiting for storage gathers messages into fewer, larger writes.
 */
export async function benchFanOut(): Promise<BenchRow[]> {
  const objects = { BARE: 'BareRoom', STORING: 'StoringRoom', ROOM: 'BenchRoom' };
  const servers: ServedWorker[] = [];
  const serveSide = async (object: Parameters<typeof openSide>[1]) => {
    const server = await serveWorker({ entry: 'test/bench/worlds/fan-out.ts', objects });
    servers.push(server);
    return openSide(server, object);
  };
  try {
    const room = await serveSide('room');
    const bare = await compareSides(room, await serveSide('bare'));
    const storing = await compareSides(room, await serveSide('storing'));
    const what = `deliveries of a room with ${SOCKETS} sockets`;
    return [
      createRatioRow('fan-out', `${what} / an object that only broadcasts`, bare, TARGET),
      createRatioRow(
        'fan-out-stored',
        `${what} / an object that stores and broadcasts`,
        storing,
        STORING_TARGET,
      ),
    ];
  } finally {
    for (const server of servers) await server.stop();
  }
}
