import { defineModule } from '../../kernel/modules/index.ts';
import { streamNoticeSubscriptions } from './stream-notices.subscriptions.ts';

export const streamNoticesModule = defineModule({
  name: 'media/stream-notices',
  subscriptions: streamNoticeSubscriptions,
});
