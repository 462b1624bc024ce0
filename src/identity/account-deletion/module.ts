import { defineModule } from '../../kernel/modules/index.ts';
import { accountDeletionEvents } from './account-deletion.events.ts';
import { accountDeletionRoutes } from './account-deletion.routes.ts';
import { accountDeletionSubscriptions } from './account-deletion.subscriptions.ts';
import { deleteEmptyAccounts, eraseDueAccounts } from './erase-accounts.ts';

export const accountDeletionModule = defineModule({
  name: 'identity/account-deletion',
  events: accountDeletionEvents,
  subscriptions: accountDeletionSubscriptions,
  routes: accountDeletionRoutes,
  schedules: [
    { name: 'account_deletion.erase_due', everyMinutes: 60, run: eraseDueAccounts },
    { name: 'account_deletion.delete_empty', everyMinutes: 60, run: deleteEmptyAccounts },
  ],
});
