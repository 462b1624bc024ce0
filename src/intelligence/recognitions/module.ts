import { defineModule } from '../../kernel/modules/index.ts';
import { recognitionChannel } from './recognition-channel.ts';
import { recognitionRoutes } from './recognitions.routes.ts';

export const recognitionsModule = defineModule({
  name: 'intelligence/recognitions',
  routes: recognitionRoutes,
  channels: [recognitionChannel],
  storeRetention: {
    LiveRecognition: { rule: 'expire', how: 'a minute after its client has left' },
  },
});
