import {
  createOutcome,
  isCaptionSignal,
  type LocalFrame,
  MAX_UNFINISHED_CAPTIONS,
  signalOf,
  takeBackFrame,
} from '../room-state/index.ts';
import { commitOutcome } from './commit-outcome.ts';
import type { SocketHandle } from '../sockets/index.ts';
import type { ConnectionAttachment, RoomConnection } from '../room-connections/index.ts';
import type { RoomSession } from './room-session.ts';

/** The due task that takes back signals whose time is over; the name is stored. */
export const SIGNALS_TASK = 'signals';

/** Takes signals of a socket back, unless another socket of the same person still gives them. */
function takeBack(
  session: RoomSession,
  conn: Pick<RoomConnection, 'socket' | 'identity'>,
  names: readonly string[],
): void {
  const others = session.connections.presentOf(conn.identity).filter(({ socket }) => socket !== conn.socket);
  const ended = names.filter((name) => !others.some(({ signals }) => name in signals));
  const transient = ended.map(
    (name) => ({ to: { kind: 'all' }, frame: takeBackFrame(name, conn.identity) }) as const,
  );
  if (transient.length > 0) commitOutcome(session, createOutcome({ transient }));
}

/** Notes the signal that an applied frame gives or takes back. */
export function noteSignal(session: RoomSession, conn: RoomConnection, frame: LocalFrame): void {
  const signal = signalOf(frame);
  if (!signal) return;
  const { connections, runtime, due } = session;
  const { [signal.name]: _former, ...rest } = conn.signals;
  if (signal.lifetimeMs === null) return connections.change(conn, { signals: rest });
  const expiresAtMs = runtime.clock.now() + signal.lifetimeMs;
  const captions = isCaptionSignal(signal.name) ? Object.keys(rest).filter(isCaptionSignal) : [];
  const excess = captions.slice(0, Math.max(0, captions.length - MAX_UNFINISHED_CAPTIONS + 1));
  const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !excess.includes(name)));
  connections.change(conn, { signals: { ...kept, [signal.name]: expiresAtMs } });
  takeBack(session, conn, excess);
  due.addEarliest(expiresAtMs, SIGNALS_TASK);
}

/** A socket is gone: what it gave ends with it. An object that was evicted has only what is stored with the socket. */
export function endSignalsOf(session: RoomSession, socket: SocketHandle): void {
  const stored = socket.deserializeAttachment() as ConnectionAttachment | null;
  if (stored) takeBack(session, { socket, identity: stored.identity }, Object.keys(stored.signals ?? {}));
}

/** Takes back the signals whose time is over, and looks again when the next one is. */
export function endExpiredSignals(session: RoomSession): void {
  const { connections, runtime, due } = session;
  const nowMs = runtime.clock.now();
  for (const conn of connections.all()) {
    const expired = Object.keys(conn.signals).filter((name) => conn.signals[name]! <= nowMs);
    if (expired.length === 0) continue;
    const kept = Object.entries(conn.signals).filter(([name]) => !expired.includes(name));
    connections.change(conn, { signals: Object.fromEntries(kept) });
    takeBack(session, conn, expired);
  }
  const pending = Array.from(connections.all(), ({ signals }) => Object.values(signals)).flat();
  if (pending.length > 0) due.addEarliest(Math.min(...pending), SIGNALS_TASK);
}
