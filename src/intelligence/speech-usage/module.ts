import { defineModule } from '../../kernel/modules/index.ts';
import { speechUsed } from './speech-usage.events.ts';
import { speechMeters } from './speech-usage.meters.ts';

export const speechUsageModule = defineModule({
  name: 'intelligence/speech-usage',
  events: [speechUsed],
  meters: speechMeters,
});
