import type { RecordingView } from './recordings.schemas.ts';
import type { Recording } from './recordings.tables.ts';

export const presentRecording = (row: Recording): RecordingView => ({
  id: row.id,
  roomId: row.roomId,
  callId: row.callId,
  kind: row.kind,
  identity: row.kind === 'participant' ? row.subject : null,
  trackSid: row.kind === 'track' ? row.subject : null,
  storage: row.storage,
  bucketId: row.bucketId,
  state: row.state,
  reason: row.reason,
  stopReason: row.stopReason,
  sizeBytes: row.sizeBytes,
  checksum: row.checksum,
  durationSeconds: row.durationMs === null ? null : row.durationMs / 1000,
  requestedBy: row.requestedBy,
  consentDueAt: row.consentDueAt?.toISOString() ?? null,
  agreedAt: row.agreedAt?.toISOString() ?? null,
  startedAt: row.startedAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  heldFor: row.heldFor,
  createdAt: row.createdAt.toISOString(),
});
