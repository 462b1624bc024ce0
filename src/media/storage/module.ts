import { defineModule } from '../../kernel/modules/index.ts';
import { sampleStorage } from './sample-storage.ts';
import { storageSampled } from './storage.events.ts';
import { downloadedGigabytes, storedGigabyteMonths } from './storage.meters.ts';

export const storageModule = defineModule({
  name: 'media/storage',
  events: [storageSampled],
  meters: [storedGigabyteMonths, downloadedGigabytes],
  schedules: [{ name: 'storage.sample', everyMinutes: 5, run: sampleStorage }],
  retention: { storage_totals: { rule: 'cascade', how: 'with its organization' } },
});
