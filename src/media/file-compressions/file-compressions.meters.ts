import { defineMeter } from '../../kernel/modules/index.ts';
import { compressionFinished } from './file-compressions.events.ts';
import { codecOf } from './file-compressions.rules.ts';
import { selectCompression } from './file-compressions.queries.ts';

/** Media that was compressed, also where its original was kept: the work is the same. */
export const compressionMinutes = defineMeter({
  name: 'compression_minutes',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Duration of videos that the compression service encoded and compared, each once it has ended.',
  dimensions: ['file', 'codec'],
  event: compressionFinished,
  read: async (ctx, { compressionId, fileId }) => {
    const [rows] = await ctx.read((q) => [selectCompression(q, ctx.organizationId, fileId, compressionId)]);
    return rows.map((row) => ({
      key: row.id,
      occurredAtMs: row.createdAt.getTime(),
      quantity: Math.round((row.figures?.durationSeconds ?? 0) * 1000),
      version: row.version,
      dimensions: { file: row.fileId, codec: codecOf(row) ?? 'avif' },
      userId: row.requestedBy?.startsWith('usr_') ? row.requestedBy : null,
    }));
  },
});
