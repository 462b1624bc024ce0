import { defineModule } from '../../kernel/modules/index.ts';
import { inboxChannel } from './inbox-channel.ts';
import { inboxRoutes } from './inbox.routes.ts';
import { inboxSubscriptions } from './inbox.subscriptions.ts';

export const inboxModule = defineModule({
  name: 'people/inbox',
  routes: inboxRoutes,
  subscriptions: inboxSubscriptions,
  channels: [inboxChannel],
});
