import { defineModule } from '../../kernel/modules/index.ts';
import { invitationEvents } from './invitations.events.ts';
import { invitationRoutes } from './invitations.routes.ts';
import { invitationSubscriptions } from './invitations.subscriptions.ts';

export const invitationsModule = defineModule({
  name: 'identity/invitations',
  events: invitationEvents,
  subscriptions: invitationSubscriptions,
  routes: invitationRoutes,
  retention: { invitations: { rule: 'cascade', how: 'with its organization' } },
});
