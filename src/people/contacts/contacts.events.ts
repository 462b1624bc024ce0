import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { contactBlockedEventSchema, contactEventSchema } from './contacts.schemas.ts';

const owner = { organizationId: exampleId('organization'), userId: exampleId('user') };

/** Internal, as `contact.blocked` is: an address book and the blocks in it are its owner's alone. */
const defineContactEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: contactEventSchema,
    example: { ...owner, contactId: exampleId('contact') },
    key: ({ userId }) => userId,
    internal: true,
  });

export const contactCreated = defineContactEvent(
  'contact.created',
  'A user added a contact to their address book.',
);
export const contactUpdated = defineContactEvent(
  'contact.updated',
  'A user changed a contact in their address book.',
);
export const contactDeleted = defineContactEvent(
  'contact.deleted',
  'A user deleted a contact from their address book.',
);
export const contactBlocked = defineEvent({
  type: 'contact.blocked',
  description: 'A user blocked another user.',
  payload: contactBlockedEventSchema,
  example: { ...owner, blockedUserId: exampleId('user') },
  key: ({ userId }) => userId,
  internal: true,
});

export const contactEvents = [contactCreated, contactUpdated, contactDeleted, contactBlocked];
