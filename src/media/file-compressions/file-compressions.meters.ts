import type { Ctx } from '../../kernel/context/index.ts';
import { defineMeter, type UsageFact } from '../../kernel/modules/index.ts';
import { selectRecordingById } from '../recordings/index.ts';
import { compressionEnded } from './file-compressions.events.ts';
import { codecOf, pictureFormatOf } from './file-compressions.rules.ts';
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

/** Shared by both meters: each compression is one fact of the meter of its kind, even if the original was kept: the work is the same. */
async function readFacts(
  ctx: Ctx,
  compressionId: string,
  kind: 'video' | 'image',
  quantityOf: (row: FileCompression) => number,
): Promise<UsageFact[]> {
  const [rows] = await ctx.read((q) => [selectCompressionById(q, ctx.organizationId, compressionId)]);
  const facts = rows
    .filter(({ settings }) => settings.kind === kind)
    .map(async (row) => ({
      key: row.id,
      occurredAtMs: row.createdAt.getTime(),
      quantity: quantityOf(row),
      version: row.version,
      dimensions: { ...(await subjectOf(ctx, row)), codec: codecOf(row) ?? pictureFormatOf(row)! },
      userId: row.requestedBy?.startsWith('usr_') ? row.requestedBy : null,
    }));
  return Promise.all(facts);
}

export const compressionMinutes = defineMeter({
  name: 'compression_minutes',
  feature: 'compression',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Duration of videos that the compression service encoded and compared, each once it has ended.',
  dimensions: ['file', 'recording', 'codec', 'room', 'call'],
  event: compressionEnded,
  read: (ctx, { compressionId }) =>
    readFacts(ctx, compressionId, 'video', ({ figures }) =>
      Math.round((figures?.durationSeconds ?? 0) * 1000),
    ),
});

/** Pictures, which have no duration. */
export const compressedPictures = defineMeter({
  name: 'compressed_pictures',
  feature: 'compression',
  unit: 'count',
  unitQuantity: 1,
  description: 'Pictures that the compression service encoded and compared, each once it has ended.',
  dimensions: ['file', 'codec'],
  event: compressionEnded,
  read: (ctx, { compressionId }) =>
    readFacts(ctx, compressionId, 'image', ({ figures }) => (figures ? 1 : 0)),
});
