import { readFileSync } from 'node:fs';
import type { BenchRow } from './kit/report.ts';
import { RawSocket } from './kit/raw-socket.ts';
import { serveWorker } from './kit/workerd.ts';

const SOCKETS = 5_000;
const PER_ROOM = 50;
const ROOMS = SOCKETS / PER_ROOM;
/** Sockets that are opened at once. */
const OPEN_AT_ONCE = 50;
/** An object without events for about ten seconds leaves memory; its sockets stay. */
const ASLEEP_AFTER_MS = 25_000;
const KIBIBYTE = 1024;

const ROOM_ID = 'room_01jd3v7q8gf4kr2x6a0w9mznpe';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resident memory of a process, in KiB. */
const residentKib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** @param object `room` for the product's own live room, `bare` for one that only accepts sockets */
async function openSockets(url: string, object: 'room' | 'bare'): Promise<RawSocket[][]> {
  const rooms: RawSocket[][] = Array.from({ length: ROOMS }, () => []);
  for (let i = 0; i < SOCKETS; i += OPEN_AT_ONCE) {
    const opened = Array.from({ length: OPEN_AT_ONCE }, async (_each, j) => {
      const number = i + j;
      const room = rooms[number % ROOMS]!;
      const roomId = `room_01jd3v7q8gf4kr2x6a0w${String(number % ROOMS).padStart(6, '0')}`;
      const socket = await RawSocket.open(url, `/${object}?room=${roomId}&identity=ext_${number}`);
      socket.send('{"type":"hello"}');
      room.push(socket);
    });
    await Promise.all(opened);
  }
  return rooms;
}

/** Wakes every room by one message, and counts the sockets that received it. */
async function countReached(rooms: readonly RawSocket[][]): Promise<number> {
  const sockets = rooms.flat();
  const before = sockets.map(({ chatFrames }) => chatFrames);
  rooms.forEach((room, i) =>
    room[0]!.send(JSON.stringify({ type: 'chat.send', id: `bench-awake-${i}`, text: 'Is anybody there?' })),
  );
  for (let i = 0; i < 200 && sockets.some(({ chatFrames }, j) => chatFrames === before[j]); i++)
    await sleep(50);
  return sockets.filter(({ chatFrames }, j) => chatFrames > before[j]!).length;
}

const serveRooms = () =>
  serveWorker({
    entry: 'test/bench/worlds/fan-out.ts',
    objects: { BARE: 'BareRoom', STORING: 'StoringRoom', ROOM: 'BenchRoom' },
  });

interface HeldSockets {
  open: number;
  got: number;
  /** Of the process, for each socket. */
  kibAwake: number;
  kibAsleep: number;
}

async function holdSockets(object: 'room' | 'bare'): Promise<HeldSockets> {
  const server = await serveRooms();
  try {
    const first = await RawSocket.open(server.url, `/${object}?room=${ROOM_ID}&identity=ext_first`);
    first.send('{"type":"hello"}');
    await sleep(2_000);
    const empty = residentKib(server.pid);
    const rooms = await openSockets(server.url, object);
    await sleep(2_000);
    const kibAwake = (residentKib(server.pid) - empty) / SOCKETS;
    await sleep(ASLEEP_AFTER_MS);
    const kibAsleep = (residentKib(server.pid) - empty) / SOCKETS;
    const got = await countReached(rooms);
    const open = rooms.flat().filter(({ closed }) => !closed).length;
    return { open, got, kibAwake, kibAsleep };
  } finally {
    await server.stop();
  }
}

/** Idle sockets over many rooms: whether all are held, and the memory that one takes. */
export async function benchSockets(): Promise<BenchRow[]> {
  const [room, bare] = await Promise.all([holdSockets('room'), holdSockets('bare')]);
  const { open, got, kibAsleep, kibAwake } = room;
  return [
    {
      what: `${SOCKETS} idle sockets over ${ROOMS} rooms: held, and reached by a message after sleeping`,
      measured:
        `${open} open, ${got} reached; ${kibAsleep.toFixed(1)} KiB of the process each, of which ` +
        `${bare.kibAsleep.toFixed(1)} are the runtime's own`,
      target: `${SOCKETS} of ${SOCKETS}`,
      holds: open === SOCKETS && got === SOCKETS,
      figures: {
        open,
        reached: got,
        kibAsleep,
        kibAwake,
        bareKibAsleep: bare.kibAsleep,
        bareKibAwake: bare.kibAwake,
      },
      recorded: { name: 'socket-kib', value: kibAsleep },
    },
  ];
}

const TALKERS = 40;
const TALK_MS = 9_000;
/** Messages every few milliseconds: half of what the sockets may send. */
const AT_A_TIME = 10;
const EVERY_MS = 25;
const TEXT = 'x'.repeat(3_000);
/** What the buffers of a local connection hold, and what a socket may hold back. */
const LIMIT_MIB = 6;

let messagesSent = 0;

/** The talkers send in turn. @returns what was sent to each socket, in MiB */
async function sendMessages(talkers: readonly RawSocket[]): Promise<number> {
  const before = talkers[0]!.chatFrames;
  const end = performance.now() + TALK_MS;
  while (performance.now() < end) {
    for (let i = 0; i < AT_A_TIME; i++) {
      const frame = { type: 'chat.send', id: `bench-talk-${++messagesSent}`, text: TEXT };
      talkers[messagesSent % TALKERS]!.send(JSON.stringify(frame));
    }
    await sleep(EVERY_MS);
  }
  // Until all of it has arrived, however long that takes on this machine.
  for (let seen = -1; seen < talkers[0]!.chatFrames; await sleep(1_000)) seen = talkers[0]!.chatFrames;
  return mebibytes(talkers[0]!.chatFrames - before);
}

const mebibytes = (messages: number) => (messages * TEXT.length) / KIBIBYTE / KIBIBYTE;

/** One socket reads nothing while megabytes are sent to all: its cost, and when it is closed. */
export async function benchSlowReader(): Promise<BenchRow[]> {
  const server = await serveRooms();
  const join = async (identity: string) => {
    const socket = await RawSocket.open(server.url, `/room?room=${ROOM_ID}&identity=${identity}`);
    socket.send('{"type":"hello"}');
    return socket;
  };
  try {
    const talkers = await Promise.all(Array.from({ length: TALKERS }, (_each, i) => join(`ext_${i}`)));
    await sendMessages(talkers);
    const slow = await join('ext_slow');
    await sleep(500);
    slow.pause();
    const sentMib = await sendMessages(talkers);
    slow.resume();
    for (let i = 0; i < 200 && !slow.closed; i++) await sleep(50);
    const takenMib = mebibytes(slow.chatFrames);
    const unharmed = talkers.every(({ closed }) => !closed);
    return [
      {
        what: 'a socket that reads nothing, in a room that is sent megabytes',
        measured: `${slow.closed ? 'cut off' : 'NOT cut off'} after ${takenMib.toFixed(1)} of ${sentMib.toFixed(1)} MiB, most of them held by the kernel`,
        target: `cut off within ${LIMIT_MIB} MiB`,
        holds: slow.closed && unharmed && takenMib < LIMIT_MIB && sentMib > LIMIT_MIB,
        figures: { sentMib, takenMib },
      },
    ];
  } finally {
    await server.stop();
  }
}
