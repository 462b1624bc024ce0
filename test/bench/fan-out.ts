import { alternate, median, type Row } from './report.ts';
import { RawSocket } from './sockets-raw.ts';
import { serve } from './workerd.ts';

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
async function deliveries(sockets: readonly RawSocket[]): Promise<number> {
  const total = () => sockets.reduce((sum, { chat }) => sum + chat, 0);
  let turn = 0;
  const run = { isOver: false };
  const speak = () => sockets[turn++ % sockets.length]!.send(message());
  const listener = sockets[0]!;
  listener.onChat = (heard) => {
    for (let i = 0; i < heard && !run.isOver; i++) speak();
  };
  const before = total();
  const startedAt = performance.now();
  for (let i = 0; i < IN_FLIGHT; i++) speak();
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  const rate = ((total() - before) * 1000) / (performance.now() - startedAt);
  run.isOver = true;
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (sockets.some(({ closed }) => closed)) throw new Error('a socket was closed');
  return rate;
}

/** One room with validation, order, history and resume, against an object that only broadcasts. */
export async function benchFanOut(): Promise<Row[]> {
  const world = await serve({
    entry: 'test/bench/worlds/fan-out.ts',
    objects: { BARE: 'BareRoom', ROOM: 'BenchRoom' },
  });
  try {
    const bare: RawSocket[] = [];
    const room: RawSocket[] = [];
    for (let i = 0; i < SOCKETS; i++) {
      bare.push(await RawSocket.open(world.url, '/bare?room=bench'));
      const socket = await RawSocket.open(
        world.url,
        `/room?room=room_01jd3v7q8gf4kr2x6a0w9mznpe&identity=ext_${i}`,
      );
      socket.send('{"type":"hello"}');
      room.push(socket);
    }
    await deliveries(room);
    await deliveries(bare);
    const { a, b, ratio } = await alternate(
      ROUNDS,
      () => deliveries(room),
      () => deliveries(bare),
    );
    return [
      {
        what: `fan-out of a room with ${SOCKETS} sockets / an object that only broadcasts`,
        measured: `${ratio.toFixed(2)} (${Math.round(median(a))} / ${Math.round(median(b))} deliveries/s)`,
        target: `≥ ${TARGET}`,
        holds: ratio >= TARGET,
        figures: { room: a, bare: b, ratio },
      },
    ];
  } finally {
    await world.stop();
  }
}
