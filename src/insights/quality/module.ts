import { defineModule } from '../../kernel/modules/index.ts';
import { qualityEvents } from './quality.events.ts';
import { qualityFrames } from './quality.frames.ts';
import { qualityRoutes } from './quality.routes.ts';
import { deleteExpiredSamples } from './store-samples.ts';

export const qualityModule = defineModule({
  name: 'insights/quality',
  events: qualityEvents,
  routes: qualityRoutes,
  frames: qualityFrames,
  schedules: [{ name: 'quality.sweep', everyMinutes: 15, run: deleteExpiredSamples }],
  retention: {
    quality_samples: {
      rule: 'expire',
      how: 'after 90 days, or with the call; contains no address and no device',
    },
    quality_totals: {
      rule: 'cascade',
      how: 'with its participant, and so with the call; contains only counters',
    },
    call_feedback: { rule: 'cascade', how: 'with its participant, and so with the call' },
  },
});
