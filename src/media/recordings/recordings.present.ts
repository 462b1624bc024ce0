import type { RecordingView } from './recordings.schemas.ts';
import type { Recording } from './recordings.tables.ts';

export const presentRecording = (row: Recording): RecordingView => ({
  id: row.id,
  roomId: row.roomId,
  callId: row.callId,
  kind: row.kind,
  bucketId: row.bucketId,
  state: row.state,
  reason: row.reason,
  sizeBytes: row.sizeBytes,
  durationSeconds: row.durationMs === null ? null : row.durationMs / 1000,
  requestedBy: row.requestedBy,
  startedAt: row.startedAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
