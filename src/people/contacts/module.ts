import { defineModule } from '../../kernel/modules/index.ts';
import { contactEvents } from './contacts.events.ts';
import { contactRoutes } from './contacts.routes.ts';
import { contactSubscriptions } from './contacts.subscriptions.ts';

export const contactsModule = defineModule({
  name: 'people/contacts',
  events: contactEvents,
  subscriptions: contactSubscriptions,
  routes: contactRoutes,
  tools: [{ operation: 'listContacts', risk: 'read' }],
  retention: {
    contacts: {
      rule: 'cascade',
      how: 'with the owner, with the person who is the contact, and with the organization',
    },
  },
});
