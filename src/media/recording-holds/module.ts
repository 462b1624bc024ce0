import { defineModule } from '../../kernel/modules/index.ts';
import { recordingHoldRoutes } from './recording-holds.routes.ts';

export const recordingHoldsModule = defineModule({
  name: 'media/recording-holds',
  routes: recordingHoldRoutes,
});
