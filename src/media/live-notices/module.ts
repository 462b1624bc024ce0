import { defineModule } from '../../kernel/modules/index.ts';
import { liveNoticeSubscriptions } from './live-notices.subscriptions.ts';

export const liveNoticesModule = defineModule({
  name: 'media/live-notices',
  subscriptions: liveNoticeSubscriptions,
});
