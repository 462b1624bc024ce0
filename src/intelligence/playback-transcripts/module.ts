import { defineModule } from '../../kernel/modules/index.ts';
import { playbackTranscriptRoutes } from './playback-transcripts.routes.ts';

export const playbackTranscriptsModule = defineModule({
  name: 'intelligence/playback-transcripts',
  routes: playbackTranscriptRoutes,
});
