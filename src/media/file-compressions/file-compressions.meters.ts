import type { Ctx } from '../../kernel/context/index.ts';
import { defineMeter } from '../../kernel/modules/index.ts';
import { selectRecordingById } from '../recordings/index.ts';
import { compressionEnded } from './file-compressions.events.ts';
import { codecOf } from './file-compressions.rules.ts';
import type { FileCompression } from './file-compressions.tables.ts';
import { selectCompressionById } from './file-compressions.queries.ts';

/** A file; or a recording, with its room and call as long as it is there. */
async function subjectOf(
  ctx: Ctx,
  { fileId, recordingId }: FileCompression,
): Promise<Record<string, string>> {
  if (recordingId === null) return { file: fileId! };
  const [[found]] = await ctx.read((q) => [selectRecordingById(q, ctx.organizationId, recordingId)]);
  return { recording: recordingId, ...(found ? { room: found.roomId, call: found.callId } : {}) };
}

/** Media that was compressed, also where its original was kept: the work is the same. */
export const compressionMinutes = defineMeter({
  name: 'compression_minutes',
  feature: 'compression',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Duration of videos that the compression service encoded and compared, each once it has ended.',
  dimensions: ['file', 'recording', 'codec', 'room', 'call'],
  event: compressionEnded,
  read: async (ctx, { compressionId }) => {
    const [rows] = await ctx.read((q) => [selectCompressionById(q, ctx.organizationId, compressionId)]);
    const facts = rows.map(async (row) => ({
      key: row.id,
      occurredAtMs: row.createdAt.getTime(),
      quantity: Math.round((row.figures?.durationSeconds ?? 0) * 1000),
      version: row.version,
      dimensions: { ...(await subjectOf(ctx, row)), codec: codecOf(row) ?? 'avif' },
      userId: row.requestedBy?.startsWith('usr_') ? row.requestedBy : null,
    }));
    return Promise.all(facts);
  },
});
