import type { WebhookEvent } from 'livekit-server-sdk';
import { toClusterParticipant, toClusterTrack } from '../clusters/index.ts';
import type { EndReason, LeaveReason, ParsedClusterEvent } from '../ledger/index.ts';

/** LiveKit's disconnect reasons in our words, by their number. */
const LEAVE_REASON_BY_NUMBER: readonly (LeaveReason | null)[] = [
  null,
  'left', // the client said goodbye
  'replaced', // the same identity connected again
  'server_stopped',
  'removed',
  'call_ended', // the room was deleted
  'connection_lost', // the client's state did not match
  'join_failed',
  'moved', // to another node
  'connection_lost', // the signal connection closed
  'call_ended', // the room was closed
  'join_failed', // nobody answered the telephone
  'join_failed', // somebody refused it
  'join_failed', // its line failed
  'connection_lost', // timed out
  'connection_lost', // media failed
  'connection_lost', // an agent failed
];

/** LiveKit's reasons for the end of a room, by their number: deleted, idle, server stopped, superseded, never opened. */
const END_REASON_BY_NUMBER: readonly (EndReason | null)[] = [null, 'closed', 'empty', 'lost', 'lost', 'lost'];

const toMilliseconds = (ms: bigint, seconds: bigint): number => Number(ms) || Number(seconds) * 1000;

/** The LiveKit room that an event is about: a call's id, where it is one of ours; empty when it names none. */
export function roomNameOf({ room, egressInfo, ingressInfo }: WebhookEvent): string {
  return room?.name || egressInfo?.roomName || ingressInfo?.roomName || '';
}

/** An event in the ledger's words. */
export function parseClusterEvent(event: WebhookEvent, receivedAtMs: number): ParsedClusterEvent {
  const { event: type, createdAt, room, participant, track } = event;
  return {
    type,
    atMs: Number(createdAt) * 1000 || receivedAtMs,
    receivedAtMs,
    room: room ? { createdAtMs: toMilliseconds(room.creationTimeMs, room.creationTime) } : null,
    endReason: END_REASON_BY_NUMBER[event.roomEndReason] ?? null,
    participant: participant ? toClusterParticipant(participant) : null,
    leaveReason: LEAVE_REASON_BY_NUMBER[participant?.disconnectReason ?? 0] ?? null,
    track: track ? toClusterTrack(track) : null,
  };
}

/** Reads a stored body again. */
export async function parseStoredEvent(body: string, receivedAtMs: number): Promise<ParsedClusterEvent> {
  const { WebhookEvent: WebhookEventMessage } = await import('livekit-server-sdk');
  return parseClusterEvent(
    WebhookEventMessage.fromJsonString(body, { ignoreUnknownFields: true }),
    receivedAtMs,
  );
}
