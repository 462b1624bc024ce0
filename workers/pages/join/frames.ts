import type {
  RoomCursor,
  RoomServerFrame,
  ROOM_SUBPROTOCOL as Subprotocol,
} from '../../../src/realtime/protocol/index.ts';
import type {
  PING_SECONDS as PingSeconds,
  PING_TEXT as PingText,
} from '../../../src/realtime/sockets/index.ts';

export type { RoomCursor, PersonView, RoomServerFrame } from '../../../src/realtime/protocol/index.ts';

// Repeated here, because the schemas behind them are not for browsers; the types keep the values equal.
export const SUBPROTOCOL: typeof Subprotocol = 'auralink.v1';
export const PING_TEXT: typeof PingText = '{"type":"ping"}';
export const PING_SECONDS: typeof PingSeconds = 30;

export type FrameOf<T extends RoomServerFrame['type']> = Extract<RoomServerFrame, { type: T }>;

/** The next state for each type of frame; other frames do not change it. */
export type Reducers<S> = { readonly [T in RoomServerFrame['type']]?: (state: S, frame: FrameOf<T>) => S };

export function reduce<S>(reducers: Reducers<S>, state: S, frame: RoomServerFrame): S {
  const reducer = reducers[frame.type] as ((state: S, frame: RoomServerFrame) => S) | undefined;
  return reducer ? reducer(state, frame) : state;
}

/** The cursor from which to resume after this frame. */
export function nextCursor(cursor: RoomCursor | null, frame: RoomServerFrame): RoomCursor | null {
  if (frame.type === 'welcome') return frame.cursor;
  if (!('at' in frame) || cursor === null || frame.seq <= cursor.seq) return cursor;
  return { ...cursor, seq: frame.seq };
}

/** The consequence of the end of a socket: open another one, ask the API first, or the reason why it is over. */
export type SocketEnd = 'resume' | 'ask' | 'removed' | 'ended' | 'decided' | 'replaced';

const SOCKET_ENDS: Readonly<Record<number, SocketEnd>> = {
  1000: 'resume',
  1001: 'resume',
  1012: 'resume',
  1013: 'resume',
  4401: 'ask',
  4403: 'removed',
  4408: 'resume',
  4409: 'replaced',
  4410: 'ended',
  4411: 'ask',
  4413: 'resume',
  4440: 'decided',
};

/** @param opened whether the socket was open before; one that never opened may have been refused */
export const socketEndOf = (code: number, opened: boolean): SocketEnd =>
  SOCKET_ENDS[code] ?? (opened ? 'resume' : 'ask');

const FIRST_BACKOFF_MS = 300;
const MAX_BACKOFF_MS = 10_000;

/** Milliseconds until the next attempt. @param random from 0 to 1, so that not all clients come back at the same time */
export const backoffMs = (attempt: number, random: number): number =>
  Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt) * (0.5 + random / 2);
