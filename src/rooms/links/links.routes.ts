import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../access/index.ts';
import { roomErrors } from '../rooms/index.ts';
import { createLink } from './create-link.ts';
import { linkErrors } from './links.errors.ts';
import { linkExample } from './links.examples.ts';
import { presentLink } from './links.present.ts';
import {
  createLinkSchema,
  linkPageSchema,
  linkParamsSchema,
  linkSchema,
  linkQuerySchema,
  updateLinkSchema,
} from './links.schemas.ts';
import { getLink, listLinks } from './read-links.ts';
import { deleteLink, updateLink } from './update-link.ts';

const tag = 'Links';
const path = '/api/v1/links/{linkId}';
const readAccess = { kind: 'permission', permission: 'rooms:read' } as const;
const writeAccess = { kind: 'permission', permission: 'rooms:write' } as const;

const linkResponse = { description: 'The link', schema: linkSchema, example: linkExample };

export const linkRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/links',
    operationId: 'createLink',
    tag,
    summary: 'Create a link',
    description:
      'Creates a link through which people without an account join a room, or one call of it. Hosts of the room and ' +
      'administrators can do this. The answer has the code and the address of the join page.',
    access: writeAccess,
    limit: 'api',
    body: {
      schema: createLinkSchema,
      example: {
        roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
        title: 'Support',
        password: 'tulip window',
        maxUses: 20,
        expiresInSeconds: 86_400,
        requireApproval: true,
      },
    },
    idempotent: true,
    success: { 201: linkResponse },
    errors: [
      entitlementErrors.limitReached,
      entitlementErrors.featureNotIncluded,
      roomErrors.notFound,
      accessErrors.notManager,
      linkErrors.callNotFound,
      linkErrors.callEnded,
      linkErrors.expiryInPast,
    ],
    handle: (ctx, { body }) => createLink(ctx, body),
    respond: (link) => created(presentLink(link), `/api/v1/links/${link.id}`, link.version),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/links',
    operationId: 'listLinks',
    tag,
    summary: 'List links',
    description:
      'Lists the links that the caller created and those of rooms they host, by default the oldest first. Administrators and API keys ' +
      'that manage rooms get every link of the organization.',
    access: readAccess,
    limit: 'api',
    query: linkQuerySchema,
    success: {
      200: {
        description: 'A page of links',
        schema: linkPageSchema,
        example: { data: [linkExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listLinks(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentLink), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getLink',
    tag,
    summary: 'Get a link',
    description:
      'Returns a link, with how often it was followed and used. Its creator, hosts of the room and administrators can do ' +
      'this; for everybody else the link does not exist.',
    access: readAccess,
    limit: 'api',
    params: linkParamsSchema,
    success: { 200: linkResponse },
    errors: [linkErrors.notFound],
    handle: (ctx, { params }) => getLink(ctx, params.linkId),
    respond: (link) => ok(presentLink(link), link.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateLink',
    tag,
    summary: 'Update a link',
    description:
      'Changes the given settings and keeps the others. Hosts of the room and administrators can change everything; a ' +
      'creator who is not a host can only deactivate the link and change its title, description and metadata. People who ' +
      'already joined through the link stay.',
    access: writeAccess,
    limit: 'api',
    params: linkParamsSchema,
    body: { schema: updateLinkSchema, example: { title: 'Support desk', isActive: false } },
    concurrency: true,
    success: { 200: { ...linkResponse, description: 'The updated link' } },
    errors: [
      entitlementErrors.limitReached,
      entitlementErrors.featureNotIncluded,
      linkErrors.notFound,
      linkErrors.notYours,
      linkErrors.expiryInPast,
    ],
    handle: (ctx, { params, body, ifMatch }) => updateLink(ctx, params.linkId, body, ifMatch),
    respond: (link) => ok(presentLink(link), link.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteLink',
    tag,
    summary: 'Delete a link',
    description:
      'Deletes a link for good: no newcomer can join through it, and people who already joined stay. Its creator, hosts of the ' +
      'room and administrators can do this.',
    access: writeAccess,
    limit: 'api',
    params: linkParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The link is deleted' } },
    errors: [linkErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteLink(ctx, params.linkId, ifMatch),
    respond: noContent,
  }),
];
