/** Sent by clients and answered by the runtime as exactly these texts, without waking the object. */
export const PING_TEXT = '{"type":"ping"}';
export const PONG_TEXT = '{"type":"pong"}';

/** How often a client sends a ping. */
export const PING_SECONDS = 30;

/** Four pings were missed: the client is gone, even if its connection still looks open. */
export const SILENCE_TIMEOUT_MS = 4 * PING_SECONDS * 1000;

/** Whether neither a frame nor a ping has arrived for too long. @param lastPingAtMs null for never */
export const isUnresponsive = (frameAtMs: number, lastPingAtMs: number | null, nowMs: number): boolean =>
  nowMs - Math.max(frameAtMs, lastPingAtMs ?? 0) > SILENCE_TIMEOUT_MS;
