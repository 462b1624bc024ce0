import { defineModule } from '../../kernel/modules/index.ts';
import { playbackMessageRoutes } from './playback-messages.routes.ts';

export const playbackMessagesModule = defineModule({
  name: 'messaging/playback-messages',
  routes: playbackMessageRoutes,
});
