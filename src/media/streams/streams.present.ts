import type { StreamView } from './streams.schemas.ts';
import type { Stream } from './streams.tables.ts';
import type { StreamTarget } from '../stream-targets/index.ts';

const presentTarget = ({ id, url, state, reason, startedAt, endedAt, createdAt }: StreamTarget) => ({
  id,
  url,
  state,
  reason,
  startedAt,
  endedAt,
  createdAt,
});

const presentSegments = (row: Stream): StreamView['segments'] =>
  row.segmentFolder === null
    ? null
    : {
        bucketId: row.bucketId,
        playlistKey: `${row.segmentFolder}index.m3u8`,
        livePlaylistKey: `${row.segmentFolder}live.m3u8`,
        segmentSeconds: row.segmentSeconds!,
        segmentCount: row.segmentCount,
        sizeBytes: row.segmentBytes,
      };

export const presentStream = (row: Stream): StreamView => ({
  id: row.id,
  roomId: row.roomId,
  callId: row.callId,
  layout: row.layout,
  state: row.state,
  reason: row.reason,
  stopReason: row.stopReason,
  targets: row.targets.map(presentTarget),
  segments: presentSegments(row),
  requestedBy: row.requestedBy,
  startedAt: row.startedAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
