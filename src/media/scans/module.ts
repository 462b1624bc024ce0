import { defineModule } from '../../kernel/modules/index.ts';
import { scannedGigabytes } from './scans.meters.ts';
import { scanSubscriptions } from './scans.subscriptions.ts';
import { sweepScans } from './sweep-scans.ts';

export const scansModule = defineModule({
  name: 'media/scans',
  meters: [scannedGigabytes],
  subscriptions: scanSubscriptions,
  schedules: [{ name: 'scans.sweep', everyMinutes: 30, run: sweepScans }],
});
