import { defineMeter } from '../../kernel/modules/index.ts';
import { fileScanned, selectStoredFile } from '../files/index.ts';

/** What no scanner read, or none could, was not scanned. */
const SCANNED: readonly string[] = ['clean', 'infected'];

/** A scanner's work grows with the bytes that it reads. */
export const scannedGigabytes = defineMeter({
  name: 'scanned_gigabytes',
  feature: 'scans',
  unit: 'bytes',
  unitQuantity: 1_000_000_000,
  description: 'Bytes of files that were scanned for viruses, each file once it has a verdict.',
  dimensions: ['file', 'room', 'call'],
  event: fileScanned,
  read: async (ctx, { fileId }) => {
    const [rows] = await ctx.read((q) => [selectStoredFile(q, ctx.organizationId, fileId)]);
    return rows
      .filter(({ scanStatus }) => SCANNED.includes(scanStatus))
      .map(({ id, sizeBytes, userId, roomId, callId }) => ({
        key: id,
        occurredAtMs: ctx.clock.now(),
        quantity: sizeBytes,
        // The first reading counts: it is made right after the scan, and a smaller copy that takes the place of the bytes is not scanned.
        version: 1,
        dimensions: {
          file: id,
          ...(roomId === null ? {} : { room: roomId }),
          ...(callId === null ? {} : { call: callId }),
        },
        userId,
      }));
  },
});
