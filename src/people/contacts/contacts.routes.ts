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
    summary: "Add somebody to the caller's address book",
    description:
      'A person of the organization, by user id or e-mail address, or an external entry with a name and an address. ' +
      'For people alone: an API key has no address book.',
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
    summary: "List the caller's address book",
    access: readAccess,
    limit: 'api',
    query: contactQuerySchema,
    success: {
      200: {
        description: 'A page, in the order they were added',
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
    summary: "Read an entry of the caller's address book",
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
    summary: 'Change an entry, block or unblock somebody',
    description:
      'Who is blocked sees the caller offline and rings in vain, and is never told that they are blocked.',
    access: writeAccess,
    limit: 'api',
    params: contactParamsSchema,
    body: { schema: updateContactSchema, example: { nickname: 'Desk', favourite: false } },
    concurrency: true,
    success: { 200: success('The contact as it is now') },
    errors: [contactErrors.notFound, contactErrors.notExternal, contactErrors.exists],
    handle: (ctx, { params, body, ifMatch }) => updateContact(ctx, params.contactId, body, ifMatch),
    respond: (changed) => ok(presentContact(changed), changed.contact.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteContact',
    tag,
    summary: "Take an entry out of the caller's address book",
    access: writeAccess,
    limit: 'api',
    params: contactParamsSchema,
    concurrency: true,
    success: { 204: { description: 'Removed' } },
    errors: [contactErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteContact(ctx, params.contactId, ifMatch),
    respond: noContent,
  }),
];
