import { defineMeter } from '../../kernel/modules/index.ts';
import { streamChanged } from './streams.events.ts';
import { selectStream } from './streams.queries.ts';
import { sentMs } from './streams.rules.ts';

/** Time that a recorder was busy with a stream, however many targets it had. */
export const streamMinutes = defineMeter({
  name: 'stream_minutes',
  feature: 'live_streams',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description: 'Duration of live streams, each once it is over.',
  dimensions: ['room', 'call'],
  event: streamChanged,
  read: async (ctx, { roomId, streamId }) => {
    const [rows] = await ctx.read((q) => [selectStream(q, ctx.organizationId, roomId, streamId)]);
    return rows.map((row) => ({
      key: row.id,
      occurredAtMs: (row.startedAt ?? row.createdAt).getTime(),
      quantity: sentMs(row),
      version: row.version,
      dimensions: { room: row.roomId, call: row.callId },
      userId: row.requestedBy.startsWith('usr_') ? row.requestedBy : null,
    }));
  },
});
