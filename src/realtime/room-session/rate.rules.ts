import type { RoomRole } from '../protocol/index.ts';

/** What a socket may send: `burst` frames at once, then so many a second. */
export interface Rate {
  perSecond: number;
  burst: number;
}

export const ROOM_FRAME_RATE: Rate = { perSecond: 20, burst: 60 };
/** An agent captions several speakers at once. */
export const AGENT_FRAME_RATE: Rate = { perSecond: 100, burst: 300 };
/**
 * What a room passes on in a second of what is worth nothing later: one for each socket that it goes to. In a small room
 * nobody notices; in one of a thousand sockets it is twenty frames, of all people together.
 */
export const FAN_OUT_RATE: Rate = { perSecond: 20_000, burst: 20_000 };
/** How often one person may open a socket: a replay costs more than any frame. */
export const OPENING_RATE: Rate = { perSecond: 0.5, burst: 20 };
/** Refused frames of one socket, after which it is taken for a flood. */
export const MAX_RATE_REFUSALS = 100;
/** Frames that are no frames, after which a socket is closed. */
export const MAX_BAD_FRAMES = 5;
/** Answers of one socket that may be under way at once. */
export const MAX_ASYNC_FRAMES = 4;

/** What a frame costs as such: more when it is large. */
export const sizeCostOf = (characters: number): number => 1 + Math.floor(characters / 4096);
/** What it costs beside that, when a verb or a read of the database answers it; when it asks for a place. */
export const EXTRA_COST = { asyncWork: 7, event: 1, transient: 0 };

export const frameRateOf = (role: RoomRole | undefined): Rate =>
  role === 'agent' ? AGENT_FRAME_RATE : ROOM_FRAME_RATE;

/** A bucket that fills with time. */
export interface TokenBucket {
  tokens: number;
  tokensAtMs: number;
}

/** Takes the cost out of the bucket. @returns false, and takes nothing, when there is too little in it */
export function takeTokens(
  bucket: TokenBucket,
  cost: number,
  { perSecond, burst }: Rate,
  nowMs: number,
): boolean {
  const filled = bucket.tokens + ((nowMs - bucket.tokensAtMs) / 1000) * perSecond;
  const tokens = Math.min(burst, filled);
  bucket.tokensAtMs = nowMs;
  bucket.tokens = tokens;
  if (tokens < cost) return false;
  bucket.tokens = tokens - cost;
  return true;
}
