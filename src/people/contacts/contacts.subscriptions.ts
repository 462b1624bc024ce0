import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { contactCreated, contactDeleted, contactUpdated } from './contacts.events.ts';

/** Contacts and blocks decide the visibility of a user's presence, so a change of them publishes it again. */
export const contactSubscriptions: readonly Subscription[] = [
  subscribe(
    [contactCreated, contactUpdated, contactDeleted],
    'contacts.publish-presence',
    ({ ports }, { organizationId, userId }) => ports.inboxes.publishPresence(organizationId, userId),
  ),
];
