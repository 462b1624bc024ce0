import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';

const bytes = z.int().min(0);

export const storageSampled = defineEvent({
  type: 'storage.sampled',
  description:
    "An organization's storage was measured for an hour. An hour without stored or downloaded bytes has no such event.",
  payload: z.object({
    hourStartsAt: z.iso.datetime().describe('The hour, by its first moment.'),
    storedBytes: bytes.describe(
      'Bytes of all files and recordings at that time, as they count in the storage of the organization.',
    ),
    downloadedBytes: bytes.describe('Bytes that were downloaded since the sample before.'),
  }),
  example: { hourStartsAt: '2026-01-05T09:00:00.000Z', storedBytes: 48_213_774, downloadedBytes: 1_204_331 },
  // In the order of the hours.
  key: () => 'storage',
});
