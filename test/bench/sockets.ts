import { readFileSync } from 'node:fs';
import type { Row } from './report.ts';
import { RawSocket } from './sockets-raw.ts';
import { serve } from './workerd.ts';

const SOCKETS = 5_000;
const PER_ROOM = 50;
const ROOMS = SOCKETS / PER_ROOM;
/** Sockets that are opened at once. */
const AT_ONCE = 50;
/** An object that hears nothing for about ten seconds leaves memory; its sockets stay. */
const ASLEEP_AFTER_MS = 25_000;
const KIBIBYTE = 1024;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the operating system counts as a process's memory, in KiB. */
const residentKib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

async function fill(url: string): Promise<RawSocket[][]> {
  const rooms: RawSocket[][] = Array.from({ length: ROOMS }, () => []);
  for (let i = 0; i < SOCKETS; i += AT_ONCE) {
    const opened = Array.from({ length: AT_ONCE }, async (_each, j) => {
      const number = i + j;
      const room = rooms[number % ROOMS]!;
      const roomId = `room_01jd3v7q8gf4kr2x6a0w${String(number % ROOMS).padStart(6, '0')}`;
      const socket = await RawSocket.open(url, `/room?room=${roomId}&identity=ext_${number}`);
      socket.send('{"type":"hello"}');
      room.push(socket);
    });
    await Promise.all(opened);
  }
  return rooms;
}

/** Wakes every room by one message, and counts who got it. */
async function reached(rooms: readonly RawSocket[][]): Promise<number> {
  const sockets = rooms.flat();
  const before = sockets.map(({ chat }) => chat);
  rooms.forEach((room, i) =>
    room[0]!.send(JSON.stringify({ type: 'chat.send', id: `bench-awake-${i}`, text: 'Is anybody there?' })),
  );
  for (let i = 0; i < 200 && sockets.some(({ chat }, j) => chat === before[j]); i++) await wait(50);
  return sockets.filter(({ chat }, j) => chat > before[j]!).length;
}

/** Idle sockets over many rooms: that they are held, and what one of them takes. */
export async function benchSockets(): Promise<Row[]> {
  const world = await serve({
    entry: 'test/bench/worlds/fan-out.ts',
    objects: { BARE: 'BareRoom', ROOM: 'BenchRoom' },
  });
  try {
    const warm = await RawSocket.open(
      world.url,
      '/room?room=room_01jd3v7q8gf4kr2x6a0w9mznpe&identity=ext_warm',
    );
    warm.send('{"type":"hello"}');
    await wait(2_000);
    const empty = residentKib(world.pid);
    const rooms = await fill(world.url);
    await wait(2_000);
    const awake = residentKib(world.pid) - empty;
    await wait(ASLEEP_AFTER_MS);
    const asleep = residentKib(world.pid) - empty;
    const got = await reached(rooms);
    const open = rooms.flat().filter(({ closed }) => !closed).length;
    const per = (kib: number) => (kib / SOCKETS).toFixed(1);
    return [
      {
        what: `${SOCKETS} idle sockets over ${ROOMS} rooms: held, and reached by a message after sleeping`,
        measured: `${open} open, ${got} reached; ${per(asleep)} KiB each asleep, ${per(awake)} KiB awake`,
        target: `${SOCKETS} of ${SOCKETS}`,
        holds: open === SOCKETS && got === SOCKETS,
        figures: {
          open,
          reached: got,
          bytesAsleep: (asleep * KIBIBYTE) / SOCKETS,
          bytesAwake: (awake * KIBIBYTE) / SOCKETS,
        },
      },
    ];
  } finally {
    await world.stop();
  }
}
