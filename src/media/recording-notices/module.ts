import { defineModule } from '../../kernel/modules/index.ts';
import { recordingNoticeSubscriptions } from './recording-notices.subscriptions.ts';

export const recordingNoticesModule = defineModule({
  name: 'media/recording-notices',
  subscriptions: recordingNoticeSubscriptions,
});
