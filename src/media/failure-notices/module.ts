import { defineModule } from '../../kernel/modules/index.ts';
import { failureNoticeSubscriptions } from './failure-notices.subscriptions.ts';

export const failureNoticesModule = defineModule({
  name: 'media/failure-notices',
  subscriptions: failureNoticeSubscriptions,
});
