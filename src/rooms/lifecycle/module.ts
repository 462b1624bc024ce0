import { defineModule } from '../../kernel/modules/index.ts';
import { lifecycleFrames } from './lifecycle.frames.ts';
import { lifecycleRoutes } from './lifecycle.routes.ts';
import { lifecycleSubscriptions } from './lifecycle.subscriptions.ts';
import { warnEndingCalls } from './warn-ending-calls.ts';

export const lifecycleModule = defineModule({
  name: 'rooms/lifecycle',
  subscriptions: lifecycleSubscriptions,
  routes: lifecycleRoutes,
  tools: [
    { operation: 'listRooms', risk: 'read' },
    { operation: 'getRoom', risk: 'read' },
    { operation: 'updateRoom', risk: 'write' },
    { operation: 'endRoom', risk: 'destructive' },
    { operation: 'deleteRoom', risk: 'destructive' },
  ],
  frames: lifecycleFrames,
  schedules: [{ name: 'calls.warn_ending', everyMinutes: 1, run: warnEndingCalls }],
});
