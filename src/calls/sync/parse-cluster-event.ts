import type { WebhookEvent } from 'livekit-server-sdk';
import { toClusterParticipant, toClusterTrack, toMilliseconds } from '../clusters/index.ts';
import type { EndReason, LeaveReason, ParsedClusterEvent } from '../ledger/index.ts';

/** The ledger's leave reason for each of LiveKit's disconnect reasons, by their number. */
const LEAVE_REASON_BY_NUMBER: readonly (LeaveReason | null)[] = [
  null,
  'left', // the client disconnected by itself
  'replaced', // the same identity connected again
  'server_stopped',
  'removed',
  'call_ended', // the room was deleted
  'connection_lost', // the client's state did not match the server's
  'join_failed',
  'moved', // to another node
  'connection_lost', // the signal connection closed
  'call_ended', // the room was closed
  'unanswered', // the telephone was not answered
  'declined', // the telephone was busy, or the call was rejected
  'line_failed', // the telephone line failed
  'connection_lost', // timed out
  'connection_lost', // media failed
  'connection_lost', // an agent failed
];

/** The ledger's end reason for each of LiveKit's: unknown, deleted, idle, server stopped, superseded, never opened. */
const END_REASON_BY_NUMBER: readonly (EndReason | null)[] = [null, 'closed', 'empty', 'lost', 'lost', 'lost'];

/** The LiveKit room that an event is about: the call's id for a room of this product; empty when it names none. */
export function roomNameOf({ room, egressInfo, ingressInfo }: WebhookEvent): string {
  return room?.name || egressInfo?.roomName || ingressInfo?.roomName || '';
}

/**
 * The stored part of an event: its body, but for an egress or an ingress only the fact that there was one. LiveKit
 * sends stream keys and passphrases in those, and their state is read from the cluster.
 */
export function storedBodyOf(
  { egressInfo, ingressInfo, event, id, createdAt }: WebhookEvent,
  body: string,
): string {
  return egressInfo || ingressInfo ? JSON.stringify({ event, id, createdAt: String(createdAt) }) : body;
}

/** Translates an event of LiveKit's SDK; its times are as they were sent, see `dropOddTimes`. */
export function parseClusterEvent(event: WebhookEvent, receivedAtMs: number): ParsedClusterEvent {
  const { event: type, createdAt, room, participant, track } = event;
  return {
    type,
    atMs: toMilliseconds(0n, createdAt),
    receivedAtMs,
    room: room ? { createdAtMs: toMilliseconds(room.creationTimeMs, room.creationTime) } : null,
    endReason: END_REASON_BY_NUMBER[event.roomEndReason] ?? null,
    participant: participant ? toClusterParticipant(participant) : null,
    leaveReason: LEAVE_REASON_BY_NUMBER[participant?.disconnectReason ?? 0] ?? null,
    track: track ? toClusterTrack(track) : null,
  };
}

/** Parses the stored body of an event. @throws Error when it is not LiveKit's JSON */
export async function parseStoredEvent(body: string, receivedAtMs: number): Promise<ParsedClusterEvent> {
  const { WebhookEvent: WebhookEventMessage } = await import('livekit-server-sdk');
  return parseClusterEvent(
    WebhookEventMessage.fromJsonString(body, { ignoreUnknownFields: true }),
    receivedAtMs,
  );
}
