import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { contactBlockedEventSchema, contactEventSchema } from './contacts.schemas.ts';

const owner = { organizationId: exampleId('organization'), userId: exampleId('user') };

const defineContactEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: contactEventSchema,
    example: { ...owner, contactId: exampleId('contact') },
    key: ({ userId }) => userId,
  });

export const contactCreated = defineContactEvent('contact.created', 'A person added a contact.');
export const contactUpdated = defineContactEvent('contact.updated', 'A person changed a contact.');
export const contactDeleted = defineContactEvent('contact.deleted', 'A person deleted a contact.');
export const contactBlocked = defineEvent({
  type: 'contact.blocked',
  description: 'A person blocked another.',
  payload: contactBlockedEventSchema,
  example: { ...owner, blockedUserId: exampleId('user') },
  key: ({ userId }) => userId,
});

export const contactEvents = [contactCreated, contactUpdated, contactDeleted, contactBlocked];
