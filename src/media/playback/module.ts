import { defineModule } from '../../kernel/modules/index.ts';
import { playbackRoutes } from './playback.routes.ts';

export const playbackModule = defineModule({
  name: 'media/playback',
  routes: playbackRoutes,
  retention: {
    recording_topics: {
      rule: 'cascade',
      how: 'with its recording and with the transcript that they come from',
    },
  },
});
