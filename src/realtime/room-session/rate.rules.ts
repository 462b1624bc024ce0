import type { RoomRole } from '../protocol/index.ts';
import type { RateLimit } from '../sockets/index.ts';

/** Frames of one socket. */
export const ROOM_FRAME_RATE: RateLimit = { perSecond: 20, burst: 60 };
/** An agent captions several speakers at once. */
const AGENT_FRAME_RATE: RateLimit = { perSecond: 100, burst: 300 };
/**
 * Transient frames of all people together, counted once for each socket that receives one. A small room never notices;
 * in a room of 1,000 sockets it is 20 frames a second.
 */
export const FAN_OUT_RATE: RateLimit = { perSecond: 20_000, burst: 20_000 };
/** Sockets that one person opens: a replay costs more than any frame. */
export const OPENING_RATE: RateLimit = { perSecond: 0.5, burst: 20 };
/** A socket with more refused frames than this is flooding. */
export const MAX_RATE_REFUSALS = 100;
/** Number of invalid frames after which a socket is closed. */
export const MAX_BAD_FRAMES = 5;
/** Frames of one socket that may be waiting for other parts of the product at once. */
export const MAX_ASYNC_FRAMES = 4;

/** The cost of a frame by its size: one, and one more for every 4,096 characters. */
export const sizeCostOf = (characters: number): number => 1 + Math.floor(characters / 4096);
/** The cost in addition to that: for a verb or a database read, for a stored event, for anything else. */
export const EXTRA_COST = { asyncWork: 7, event: 1, transient: 0 };

export const frameRateOf = (role: RoomRole | undefined): RateLimit =>
  role === 'agent' ? AGENT_FRAME_RATE : ROOM_FRAME_RATE;
