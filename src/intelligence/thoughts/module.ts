import { defineModule } from '../../kernel/modules/index.ts';
import { sweepThoughts } from './add-thought.ts';
import { thoughtRoutes } from './thoughts.routes.ts';

export const thoughtsModule = defineModule({
  name: 'intelligence/thoughts',
  routes: thoughtRoutes,
  tools: [
    { operation: 'addThought', risk: 'write', name: 'sequentialthinking' },
    { operation: 'listThoughts', risk: 'read' },
  ],
  schedules: [{ name: 'thoughts.sweep', everyMinutes: 60, run: sweepThoughts }],
  retention: {
    thoughts: { rule: 'expire', how: 'after a day; it names its holder by a keyed hash' },
  },
});
