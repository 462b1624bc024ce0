import { defineMeter } from '../../kernel/modules/index.ts';
import { compressionEnded } from './file-compressions.events.ts';
import { codecOf } from './file-compressions.rules.ts';
import type { FileCompression } from './file-compressions.tables.ts';
import { selectCompressionById } from './file-compressions.queries.ts';

const subjectOf = ({ fileId, recordingId }: FileCompression): Record<string, string> =>
  recordingId === null ? { file: fileId! } : { recording: recordingId };

/** Media that was compressed, also where its original was kept: the work is the same. */
export const compressionMinutes = defineMeter({
  name: 'compression_minutes',
  feature: 'compression',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Duration of videos that the compression service encoded and compared, each once it has ended.',
  dimensions: ['file', 'recording', 'codec'],
  event: compressionEnded,
  read: async (ctx, { compressionId }) => {
    const [rows] = await ctx.read((q) => [selectCompressionById(q, ctx.organizationId, compressionId)]);
    return rows.map((row) => ({
      key: row.id,
      occurredAtMs: row.createdAt.getTime(),
      quantity: Math.round((row.figures?.durationSeconds ?? 0) * 1000),
      version: row.version,
      dimensions: { ...subjectOf(row), codec: codecOf(row) ?? 'avif' },
      userId: row.requestedBy?.startsWith('usr_') ? row.requestedBy : null,
    }));
  },
});
