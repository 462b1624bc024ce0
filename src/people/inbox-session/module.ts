import { defineModule } from '../../kernel/modules/index.ts';

export const inboxSessionModule = defineModule({
  name: 'people/inbox-session',
  storeRetention: {
    UserInbox: {
      rule: 'expire',
      how: 'events after a day; lists of followed users with the connections, watchers with their memberships',
    },
  },
});
