import { defineMeter } from '../../kernel/modules/index.ts';
import { storageSampled } from './storage.events.ts';

const BYTES_PER_KILOBYTE = 1_000;
const BYTES_PER_GIGABYTE = 1_000_000_000;
/** Hours of a month: 365 days divided by twelve. */
const HOURS_PER_MONTH = 730;

/** A sample is never corrected: the event is the measurement, and each hour is one fact. */
const factOf = (hourStartsAt: string, quantity: number) => ({
  key: hourStartsAt,
  occurredAtMs: Date.parse(hourStartsAt),
  quantity,
  version: 1,
  dimensions: {},
  userId: null,
});

/** Stored bytes over time. */
export const storedGigabyteMonths = defineMeter({
  name: 'stored_gigabyte_months',
  feature: 'storage',
  unit: 'kilobyte_hours',
  unitQuantity: (BYTES_PER_GIGABYTE / BYTES_PER_KILOBYTE) * HOURS_PER_MONTH,
  description:
    'Bytes of files and recordings, measured once an hour. Uploads count, and so do deleted files until they are erased.',
  dimensions: [],
  event: storageSampled,
  read: async (_ctx, { hourStartsAt, storedBytes }) => [
    factOf(hourStartsAt, Math.ceil(storedBytes / BYTES_PER_KILOBYTE)),
  ],
});

/** Downloaded bytes. */
export const downloadedGigabytes = defineMeter({
  name: 'downloaded_gigabytes',
  feature: 'storage',
  unit: 'bytes',
  unitQuantity: BYTES_PER_GIGABYTE,
  description: 'Bytes of files, previews and recordings that were downloaded, summed up once an hour.',
  dimensions: [],
  event: storageSampled,
  read: async (_ctx, { hourStartsAt, downloadedBytes }) => [factOf(hourStartsAt, downloadedBytes)],
});
