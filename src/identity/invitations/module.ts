import { defineModule } from '../../kernel/modules/index.ts';
import { acceptanceRoutes } from './acceptance.routes.ts';
import { invitationEvents } from './invitations.events.ts';
import { invitationRoutes } from './invitations.routes.ts';
import { invitationSubscriptions } from './invitations.subscriptions.ts';

export const invitationsModule = defineModule({
  name: 'identity/invitations',
  events: invitationEvents,
  subscriptions: invitationSubscriptions,
  routes: [...invitationRoutes, ...acceptanceRoutes],
  tools: [
    { operation: 'listInvitations', risk: 'read' },
    { operation: 'getInvitation', risk: 'read' },
    { operation: 'createInvitation', risk: 'destructive' },
  ],
  retention: { invitations: { rule: 'cascade', how: 'with its organization' } },
});
