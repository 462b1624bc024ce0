import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { contactEventSchema } from './contacts.schemas.ts';

const CONTACT_EVENT_TYPES = ['contact.created', 'contact.updated', 'contact.deleted'] as const;

/**
 * Who is a contact and who is blocked decides who sees the owner's presence: it is told anew. What follows from
 * `contact.blocked` is for the room `ringing`.
 */
export const contactSubscriptions: readonly Subscription[] = CONTACT_EVENT_TYPES.map((type) =>
  defineSubscription({
    type,
    payload: contactEventSchema,
    handle: (ctx, { organizationId, userId }) => ctx.ports.inboxes.publishPresence(organizationId, userId),
  }),
);
