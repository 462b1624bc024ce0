import { type AppError, utf8 } from '../../kernel/core/index.ts';
import { PING_SECONDS, realtimeErrors } from '../../realtime/protocol/index.ts';
import type { InboxClaims } from './inbox.ports.ts';
import {
  type InboxClientFrame,
  inboxClientFrameSchema,
  type InboxClose,
  INBOX_FRAME_RATE,
  INBOX_CLOSE_CODES,
  MAX_INBOX_FRAME_BYTES,
  inboxClientFrames,
  type InboxServerFrame,
} from './inbox.protocol.ts';

/** How many connections a person has at once; one more takes the place of the oldest. */
export const MAX_CONNECTIONS = 20;
/** How long a connection may be silent before its hello. */
export const HELLO_TIMEOUT_MS = 10_000;
/** How long one lasts before it must come back with a new ticket. */
export const CONNECTION_LIFE_MS = 43_200_000;
/** A device of which nothing has come for so long is gone: four pings were missed. */
const SILENCE_TIMEOUT_MS = 4 * PING_SECONDS * 1000;
/** How many frames that are not valid close a connection. */
const MAX_BAD_FRAMES = 10;

/** As many people as one frame asks after for the price of one: each is an inbox that is woken. */
const PEOPLE_PER_TOKEN = 5;

const extraCostOf = (frame: InboxClientFrame): number =>
  frame.type === 'presence.subscribe' ? Math.ceil(frame.userIds.length / PEOPLE_PER_TOKEN) : 0;

/** What a connection carries through hibernation. */
export interface DeviceConnection {
  v: 1;
  connectionId: string;
  claims: InboxClaims;
  openedAtMs: number;
  greeted: boolean;
  /** Frames it may still send at once, as they were at `filledAtMs`. */
  tokens: number;
  /** When the last frame came; pings that are answered for the inbox leave no trace here. */
  filledAtMs: number;
  badFrames: number;
}

export function createConnection(claims: InboxClaims, connectionId: string, nowMs: number): DeviceConnection {
  return {
    v: 1,
    connectionId,
    claims,
    openedAtMs: nowMs,
    greeted: false,
    tokens: INBOX_FRAME_RATE.burst,
    filledAtMs: nowMs,
    badFrames: 0,
  };
}

export type ReceivedFrame =
  | { kind: 'frame'; frame: InboxClientFrame }
  | { kind: 'refused'; id: string | null; error: AppError }
  | { kind: 'closed'; close: InboxClose };

/** A refusal as a frame says it. */
export function toErrorFrame(id: string | null, { definition, details }: AppError): InboxServerFrame {
  const { code, title } = definition;
  const retryAfterSeconds = details.retryAfterSeconds ?? definition.retryAfterSeconds;
  return {
    type: 'error',
    id,
    code,
    title,
    ...(details.detail === undefined ? {} : { detail: details.detail }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

const FRAME_TYPES = new Set<unknown>(inboxClientFrames.map((schema) => schema.shape.type.value));

function parseFrame(text: string): ReceivedFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { kind: 'refused', id: null, error: realtimeErrors.malformedFrame({ cause }) };
  }
  const { type, id } = (value ?? {}) as { type?: unknown; id?: unknown };
  const frameId = typeof id === 'string' && id.length <= 64 ? id : null;
  if (!FRAME_TYPES.has(type)) return { kind: 'refused', id: frameId, error: realtimeErrors.malformedFrame() };
  const parsed = inboxClientFrameSchema.safeParse(value);
  if (parsed.success) return { kind: 'frame', frame: parsed.data };
  const [issue] = parsed.error.issues;
  const detail = `${issue!.path.map(String).join('.')}: ${issue!.message}`;
  return { kind: 'refused', id: frameId, error: realtimeErrors.invalidFrame({ detail }) };
}

// A unit of a text's length takes at most three bytes.
const isTooLarge = (text: string) =>
  text.length > MAX_INBOX_FRAME_BYTES ||
  (text.length * 3 > MAX_INBOX_FRAME_BYTES && utf8(text).length > MAX_INBOX_FRAME_BYTES);

/** What is in order on this connection, or what is wrong with it. */
function checkFrame({ greeted }: DeviceConnection, data: string | ArrayBuffer): ReceivedFrame {
  if (typeof data !== 'string')
    return { kind: 'refused', id: null, error: realtimeErrors.malformedFrame({ detail: 'must be text' }) };
  if (isTooLarge(data)) return { kind: 'closed', close: INBOX_CLOSE_CODES.tooLarge };
  const received = parseFrame(data);
  if (received.kind !== 'frame') return received;
  const { frame } = received;
  const id = 'id' in frame ? (frame.id ?? null) : null;
  if (frame.type === 'hello' && greeted) return { kind: 'refused', id, error: realtimeErrors.helloTwice() };
  if (frame.type !== 'hello' && frame.type !== 'ping' && !greeted)
    return { kind: 'refused', id, error: realtimeErrors.helloFirst() };
  return received;
}

/**
 * Takes a frame as it came: in order, refused, or reason enough to close the connection. A flood is refused at first
 * and closed when it goes on.
 */
export function receiveDeviceFrame(
  connection: DeviceConnection,
  data: string | ArrayBuffer,
  nowMs: number,
): { connection: DeviceConnection; received: ReceivedFrame } {
  const seconds = Math.max(0, nowMs - connection.filledAtMs) / 1000;
  const tokens =
    Math.min(INBOX_FRAME_RATE.burst, connection.tokens + seconds * INBOX_FRAME_RATE.perSecond) - 1;
  const charged = { ...connection, tokens, filledAtMs: nowMs };
  if (tokens < -INBOX_FRAME_RATE.burst)
    return { connection: charged, received: { kind: 'closed', close: INBOX_CLOSE_CODES.flooding } };
  if (tokens < 0)
    return { connection: charged, received: { kind: 'refused', id: null, error: realtimeErrors.tooFast() } };
  const received = checkFrame(connection, data);
  if (received.kind === 'frame') {
    const { frame } = received;
    const tokensLeft = tokens - extraCostOf(frame);
    if (tokensLeft >= 0) return { connection: { ...charged, tokens: tokensLeft }, received };
    const id = 'id' in frame ? (frame.id ?? null) : null;
    const retryAfterSeconds = Math.ceil((1 - tokensLeft) / INBOX_FRAME_RATE.perSecond);
    const error = realtimeErrors.tooFast({ retryAfterSeconds });
    return { connection: charged, received: { kind: 'refused', id, error } };
  }
  const badFrames = connection.badFrames + 1;
  return {
    connection: { ...charged, badFrames },
    received: badFrames >= MAX_BAD_FRAMES ? { kind: 'closed', close: INBOX_CLOSE_CODES.badFrames } : received,
  };
}

/** Whether no hello came in time. */
export const isHelloOverdue = ({ openedAtMs, greeted }: DeviceConnection, nowMs: number): boolean =>
  !greeted && nowMs - openedAtMs >= HELLO_TIMEOUT_MS;

/** Whether neither a frame nor a ping has come for too long. @param pingedAtMs when the last ping came; 0 for none */
export const isUnresponsive = (
  { filledAtMs }: DeviceConnection,
  pingedAtMs: number,
  nowMs: number,
): boolean => nowMs - Math.max(filledAtMs, pingedAtMs) > SILENCE_TIMEOUT_MS;

/** Why a connection cannot stay, as its session stands and by its age; undefined when it can. */
export function requiredClose(
  { claims, openedAtMs }: DeviceConnection,
  { role, openSessions }: { role: string | null; openSessions: readonly string[] },
  nowMs: number,
): InboxClose | undefined {
  if (role === null || !openSessions.includes(claims.sessionId)) return INBOX_CLOSE_CODES.sessionEnded;
  return nowMs - openedAtMs >= CONNECTION_LIFE_MS ? INBOX_CLOSE_CODES.expired : undefined;
}
