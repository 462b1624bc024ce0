import type { AppError } from '../../kernel/core/index.ts';
import { isFrameTooLarge, readFrame, refillTokens, socketErrors } from '../../realtime/sockets/index.ts';
import {
  INBOX_FRAME_RATE,
  type InboxClaims,
  type InboxClientFrame,
  inboxClientFrames,
  inboxClientFrameSchema,
  type InboxCloseName,
  MAX_INBOX_FRAME_BYTES,
} from '../inbox/index.ts';

/** How long a connection may take to say hello. */
export const HELLO_TIMEOUT_MS = 10_000;
/** How long a connection lasts before it must come back with a new ticket. */
const CONNECTION_LIFE_MS = 43_200_000;
/** Number of invalid frames after which a connection is closed. */
const MAX_BAD_FRAMES = 10;

/** People in one `presence.subscribe` for each token that it costs: each may wake another inbox. */
const PEOPLE_PER_TOKEN = 5;

const extraCostOf = (frame: InboxClientFrame): number =>
  frame.type === 'presence.subscribe' ? Math.ceil(frame.userIds.length / PEOPLE_PER_TOKEN) : 0;

/** The data that is stored with a socket, so that it outlives a hibernation. */
export interface DeviceConnection {
  v: 1;
  connectionId: string;
  claims: InboxClaims;
  openedAtMs: number;
  greeted: boolean;
  /** Frames it may still send at once, as of `filledAtMs`; negative while it is flooding. */
  tokens: number;
  /** When the last frame arrived; pings that the runtime answers do not count here. */
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

/** What to do with something that a connection sent. */
export type ReceivedFrame =
  | { kind: 'frame'; frame: InboxClientFrame }
  | { kind: 'refused'; id: string | null; error: AppError }
  | { kind: 'closed'; closeName: InboxCloseName };

const FRAME_TYPES: ReadonlySet<string> = new Set(inboxClientFrames.map((schema) => schema.shape.type.value));

const idOf = (frame: InboxClientFrame): string | null => ('id' in frame ? (frame.id ?? null) : null);

/** Checks size, shape and order of a frame. */
function checkFrame({ greeted }: DeviceConnection, data: string | ArrayBuffer): ReceivedFrame {
  if (typeof data !== 'string')
    return { kind: 'refused', id: null, error: socketErrors.malformedFrame({ detail: 'must be text' }) };
  if (isFrameTooLarge(data, MAX_INBOX_FRAME_BYTES)) return { kind: 'closed', closeName: 'tooLarge' };
  const reading = readFrame(data, inboxClientFrameSchema, FRAME_TYPES);
  if (reading.frame === null) return { kind: 'refused', id: reading.id, error: reading.error };
  const { frame } = reading;
  if (frame.type === 'hello' && greeted)
    return { kind: 'refused', id: idOf(frame), error: socketErrors.helloTwice() };
  if (frame.type !== 'hello' && frame.type !== 'ping' && !greeted)
    return { kind: 'refused', id: idOf(frame), error: socketErrors.helloFirst() };
  return { kind: 'frame', frame };
}

/**
 * Decides about something that a connection sent: accept it, refuse it, or close the connection. Every frame is charged,
 * into debt if need be, so that a flood is refused first and closed when it continues.
 * @returns the decision, and the connection as it is to be stored
 */
export function receiveDeviceFrame(
  connection: DeviceConnection,
  data: string | ArrayBuffer,
  nowMs: number,
): { connection: DeviceConnection; received: ReceivedFrame } {
  const bucket = { tokens: connection.tokens, tokensAtMs: connection.filledAtMs };
  const tokens = refillTokens(bucket, INBOX_FRAME_RATE, nowMs) - 1;
  const charged = { ...connection, tokens, filledAtMs: nowMs };
  if (tokens < -INBOX_FRAME_RATE.burst)
    return { connection: charged, received: { kind: 'closed', closeName: 'flooding' } };
  if (tokens < 0)
    return { connection: charged, received: { kind: 'refused', id: null, error: socketErrors.tooFast() } };
  const received = checkFrame(connection, data);
  if (received.kind === 'frame') {
    const { frame } = received;
    const tokensLeft = tokens - extraCostOf(frame);
    if (tokensLeft >= 0) return { connection: { ...charged, tokens: tokensLeft }, received };
    const retryAfterSeconds = Math.ceil((1 - tokensLeft) / INBOX_FRAME_RATE.perSecond);
    const error = socketErrors.tooFast({ retryAfterSeconds });
    return { connection: charged, received: { kind: 'refused', id: idOf(frame), error } };
  }
  const badFrames = connection.badFrames + 1;
  return {
    connection: { ...charged, badFrames },
    received: badFrames >= MAX_BAD_FRAMES ? { kind: 'closed', closeName: 'badFrames' } : received,
  };
}

/** Whether no hello arrived in time. */
export const isHelloOverdue = ({ openedAtMs, greeted }: DeviceConnection, nowMs: number): boolean =>
  !greeted && nowMs - openedAtMs >= HELLO_TIMEOUT_MS;

/** Why a connection must close, by its session, its membership and its age; undefined when it may stay. */
export function requiredClose(
  { claims, openedAtMs }: DeviceConnection,
  { role, openSessions }: { role: string | null; openSessions: readonly string[] },
  nowMs: number,
): InboxCloseName | undefined {
  if (role === null || !openSessions.includes(claims.sessionId)) return 'sessionEnded';
  return nowMs - openedAtMs >= CONNECTION_LIFE_MS ? 'expired' : undefined;
}
