import { defineModule } from '../../kernel/modules/index.ts';
import { playbackRoutes } from './playback.routes.ts';

export const playbackModule = defineModule({ name: 'media/playback', routes: playbackRoutes });
