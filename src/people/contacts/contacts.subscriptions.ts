import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { contactCreated, contactDeleted, contactUpdated } from './contacts.events.ts';

/** Contacts and blocks decide who sees a person's presence. */
export const contactSubscriptions: readonly Subscription[] = [
  subscribe(
    [contactCreated, contactUpdated, contactDeleted],
    'contacts.publish-presence',
    ({ ports }, { organizationId, userId }) => ports.inboxes.publishPresence(organizationId, userId),
  ),
];
