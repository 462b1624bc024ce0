import { defineMeter } from '../../kernel/modules/index.ts';
import { recordingChanged } from './recordings.events.ts';
import { selectRecordingById } from './recordings.queries.ts';
import { isCounted } from './recordings.rules.ts';

/** Recorded time: recordings that the recorder did not complete are not counted. */
export const recordingMinutes = defineMeter({
  name: 'recording_minutes',
  feature: 'recordings',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Duration of recordings that were completed, each once its file was verified, or once the bucket could not show it.',
  dimensions: ['room', 'call', 'kind'],
  event: recordingChanged,
  read: async (ctx, { recordingId }) => {
    const [rows] = await ctx.read((q) => [selectRecordingById(q, ctx.organizationId, recordingId)]);
    return rows.map((row) => ({
      key: row.id,
      occurredAtMs: (row.startedAt ?? row.createdAt).getTime(),
      quantity: isCounted(row) ? (row.durationMs ?? 0) : 0,
      version: row.version,
      dimensions: { room: row.roomId, call: row.callId, kind: row.kind },
      userId: row.requestedBy.startsWith('usr_') ? row.requestedBy : null,
    }));
  },
});
