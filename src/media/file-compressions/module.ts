import { defineModule } from '../../kernel/modules/index.ts';
import { fileCompressionEvents } from './file-compressions.events.ts';
import { compressedPictures, compressionMinutes } from './file-compressions.meters.ts';
import { fileCompressionRoutes } from './file-compressions.routes.ts';
import { fileCompressionSubscriptions } from './file-compressions.subscriptions.ts';
import { sweepCompressions } from './sweep-compressions.ts';

export const fileCompressionsModule = defineModule({
  name: 'media/file-compressions',
  events: fileCompressionEvents,
  subscriptions: fileCompressionSubscriptions,
  routes: fileCompressionRoutes,
  meters: [compressionMinutes, compressedPictures],
  schedules: [{ name: 'compression.sweep', everyMinutes: 15, run: sweepCompressions }],
  retention: { file_compressions: { rule: 'cascade', how: 'with its file' } },
  storeRetention: {
    FileCompressor: {
      rule: 'expire',
      how: 'an hour after its compression is over; at once when its file is erased',
    },
  },
});
