import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { contactEffectSchema } from './contacts.schemas.ts';

const CONTACT_EVENTS = ['contact.created', 'contact.updated', 'contact.deleted'] as const;

/**
 * Who is a contact and who is blocked decides who sees the owner's presence: it is told anew. What follows from
 * `contact.blocked` is for the room `ringing`.
 */
export const contactJobs: readonly Job[] = CONTACT_EVENTS.map((type) =>
  defineJob({
    type,
    payload: contactEffectSchema,
    handle: (ctx, { organizationId, userId }) => ctx.ports.inboxes.announce(organizationId, userId),
  }),
);
