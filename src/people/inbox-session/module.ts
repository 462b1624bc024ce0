import { defineModule } from '../../kernel/modules/index.ts';

export const inboxSessionModule = defineModule({
  name: 'people/inbox-session',
  storeRetention: {
    UserInbox: {
      rule: 'expire',
      how: 'events after a day; who follows whom with the connections and the memberships',
    },
  },
});
