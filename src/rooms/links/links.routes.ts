import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../access/index.ts';
import { roomErrors } from '../rooms/index.ts';
import { createLink } from './create-link.ts';
import { linkErrors } from './links.errors.ts';
import type { LinkWithStatus } from './links.rules.ts';
import {
  createLinkSchema,
  linkExample,
  linkPageSchema,
  linkParamsSchema,
  linkSchema,
  type LinkView,
  linkQuerySchema,
  updateLinkSchema,
} from './links.schemas.ts';
import { getLink, listLinks } from './read-links.ts';
import { deleteLink, updateLink } from './update-link.ts';

const tag = 'Links';
const path = '/api/v1/links/{linkId}';
const readAccess = { kind: 'permission', permission: 'rooms:read' } as const;
const writeAccess = { kind: 'permission', permission: 'rooms:write' } as const;

function presentLink(link: LinkWithStatus): LinkView {
  const { organizationId: _o, passwordHash: _p, deletedAt: _d, version: _v, ...rest } = link;
  return {
    ...rest,
    expiresAt: link.expiresAt?.toISOString() ?? null,
    lastUsedAt: link.lastUsedAt?.toISOString() ?? null,
    createdAt: link.createdAt.toISOString(),
    updatedAt: link.updatedAt.toISOString(),
  };
}

const linkResponse = { description: 'The link', schema: linkSchema, example: linkExample };

export const linkRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/links',
    operationId: 'createLink',
    tag,
    summary: 'Make a link by which people without an account join a room',
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
    summary: 'List the links that the caller made, or that lead to rooms they host',
    description: 'Administrators of rooms see every link of the organization.',
    access: readAccess,
    limit: 'api',
    query: linkQuerySchema,
    success: {
      200: {
        description: 'A page, in the order they were made',
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
    summary: 'Read a link, with how often it was followed and used',
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
    summary: 'Change a link; who came by it already stays',
    access: writeAccess,
    limit: 'api',
    params: linkParamsSchema,
    body: { schema: updateLinkSchema, example: { title: 'Support desk', isActive: false } },
    concurrency: true,
    success: { 200: { ...linkResponse, description: 'The link as it is now' } },
    errors: [linkErrors.notFound, linkErrors.notYours, linkErrors.expiryInPast],
    handle: (ctx, { params, body, ifMatch }) => updateLink(ctx, params.linkId, body, ifMatch),
    respond: (link) => ok(presentLink(link), link.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteLink',
    tag,
    summary: 'Delete a link: nobody new gets in by it',
    access: writeAccess,
    limit: 'api',
    params: linkParamsSchema,
    concurrency: true,
    success: { 204: { description: 'Deleted' } },
    errors: [linkErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteLink(ctx, params.linkId, ifMatch),
    respond: noContent,
  }),
];
