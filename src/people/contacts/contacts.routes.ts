import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { contactErrors } from './contacts.errors.ts';
import type { ContactWithPerson } from './contacts.queries.ts';
import {
  contactExample,
  contactPageSchema,
  contactParamsSchema,
  contactQuerySchema,
  contactSchema,
  type ContactView,
  createContactSchema,
  updateContactSchema,
} from './contacts.schemas.ts';
import { createContact } from './create-contact.ts';
import { getContact, listContacts } from './read-contacts.ts';
import { deleteContact, updateContact } from './update-contact.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    contacts: 'read' | 'write';
  }
}

const tag = 'Contacts';
const listPath = '/api/v1/contacts';
const path = `${listPath}/{contactId}`;
const readAccess = { kind: 'permission', permission: 'contacts:read' } as const;
const writeAccess = { kind: 'permission', permission: 'contacts:write' } as const;

function presentContact({ contact, person }: ContactWithPerson): ContactView {
  const { id, contactUserId, name, address, nickname, relationship, favourite, tags, notes } = contact;
  return {
    id,
    kind: contactUserId === null ? 'external' : 'person',
    userId: contactUserId,
    name: person?.name ?? name,
    email: person?.email ?? null,
    avatarUrl: person?.avatarUrl ?? null,
    address,
    nickname,
    relationship,
    favourite,
    tags,
    notes,
    blocked: contact.blockedAt !== null,
    createdAt: contact.createdAt.toISOString(),
    updatedAt: contact.updatedAt.toISOString(),
  };
}

const success = (description: string) => ({ description, schema: contactSchema, example: contactExample });

export const contactRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createContact',
    tag,
    summary: 'Create a contact',
    description:
      "Adds a contact to the current user's address book: a member of the organization, by user id or email address, " +
      'or an external contact with a name and an address. An address book holds at most 5,000 contacts. API keys have ' +
      'no address book.',
    access: writeAccess,
    limit: 'api',
    body: {
      schema: createContactSchema,
      example: {
        external: { name: 'Front desk', address: '+44 20 7946 0958' },
        favourite: true,
        tags: ['sales'],
      },
    },
    idempotent: true,
    success: { 201: success('The contact') },
    errors: [contactErrors.personNotFound, contactErrors.self, contactErrors.exists, contactErrors.tooMany],
    handle: (ctx, { body }) => createContact(ctx, body),
    respond: (made) => created(presentContact(made), `${listPath}/${made.contact.id}`, made.contact.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listContacts',
    tag,
    summary: 'List contacts',
    description:
      "Returns the current user's contacts in the order they were added. Nobody else can see them, not even " +
      'administrators of the organization.',
    access: readAccess,
    limit: 'api',
    query: contactQuerySchema,
    success: {
      200: {
        description: 'A page of contacts',
        schema: contactPageSchema,
        example: { data: [contactExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listContacts(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentContact), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getContact',
    tag,
    summary: 'Get a contact',
    description: "Returns a contact from the current user's address book.",
    access: readAccess,
    limit: 'api',
    params: contactParamsSchema,
    success: { 200: success('The contact') },
    errors: [contactErrors.notFound],
    handle: (ctx, { params }) => getContact(ctx, params.contactId),
    respond: (found) => ok(presentContact(found), found.contact.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateContact',
    tag,
    summary: 'Update a contact',
    description:
      "Changes a contact in the current user's address book; fields that are left out keep their value. With `blocked` " +
      'it blocks or unblocks the user. A blocked user sees the current user as offline, their rings stay unanswered, ' +
      'and they are not informed of the block.',
    access: writeAccess,
    limit: 'api',
    params: contactParamsSchema,
    body: { schema: updateContactSchema, example: { nickname: 'Desk', favourite: false } },
    concurrency: true,
    success: { 200: success('The updated contact') },
    errors: [contactErrors.notFound, contactErrors.notExternal, contactErrors.exists],
    handle: (ctx, { params, body, ifMatch }) => updateContact(ctx, params.contactId, body, ifMatch),
    respond: (changed) => ok(presentContact(changed), changed.contact.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteContact',
    tag,
    summary: 'Delete a contact',
    description:
      "Deletes a contact from the current user's address book. If the user was blocked, the block ends with it.",
    access: writeAccess,
    limit: 'api',
    params: contactParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The contact was deleted' } },
    errors: [contactErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteContact(ctx, params.contactId, ifMatch),
    respond: noContent,
  }),
];
