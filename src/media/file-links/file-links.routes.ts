import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { fileErrors } from '../files/index.ts';
import { fileLinkErrors } from './file-links.errors.ts';
import { presentFileLink, presentNewFileLink } from './file-links.present.ts';
import { MAX_LINKS } from './file-links.rules.ts';
import {
  createFileLinkExample,
  createFileLinkSchema,
  fileLinkExample,
  fileLinkPageSchema,
  fileLinkParamsSchema,
  fileLinksParamsSchema,
  newFileLinkExample,
  newFileLinkSchema,
} from './file-links.schemas.ts';
import { createFileLink, listFileLinks, revokeFileLink } from './manage-file-links.ts';

const tag = 'Files';
const path = '/api/v1/files/{fileId}/links';
const access = { kind: 'permission', permission: 'files:write' } as const;
const managers = 'The owner of the file, administrators and keys with the scope `files:manage` can do this.';

export const fileLinkRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'createFileLink',
    tag,
    summary: 'Create a file link',
    description:
      "Creates a link with which anyone can download the file without an account, whatever the file's access is. The file " +
      'has to be scanned and clean. The link works until it expires, is used up or is revoked, as long as the file exists ' +
      `and the creator of the link could still create it. A file has at most ${MAX_LINKS} links. ${managers}`,
    access,
    limit: 'api',
    params: fileLinksParamsSchema,
    body: { schema: createFileLinkSchema, example: createFileLinkExample },
    idempotent: true,
    success: {
      201: { description: 'The link with its token', schema: newFileLinkSchema, example: newFileLinkExample },
    },
    errors: [
      fileErrors.notFound,
      fileErrors.infected,
      fileErrors.scanPending,
      fileErrors.notScannable,
      fileLinkErrors.notClean,
      fileLinkErrors.tooMany,
      fileLinkErrors.expiryInPast,
    ],
    handle: (ctx, { params, body }) => createFileLink(ctx, params.fileId, body),
    respond: (made) =>
      created(presentNewFileLink(made), `/api/v1/files/${made.link.fileId}/links/${made.link.id}`),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'listFileLinks',
    tag,
    summary: 'List file links',
    description: `Lists the links of a file, the newest first, without their tokens. ${managers}`,
    access,
    limit: 'api',
    params: fileLinksParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of links',
        schema: fileLinkPageSchema,
        example: { data: [fileLinkExample], nextCursor: null },
      },
    },
    errors: [fileErrors.notFound],
    handle: (ctx, { params, query }) => listFileLinks(ctx, params.fileId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentFileLink), nextCursor }),
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/{fileLinkId}`,
    operationId: 'revokeFileLink',
    tag,
    summary: 'Revoke a file link',
    description: `Ends a link for good. Downloads that have begun through it end with their next request. ${managers}`,
    access,
    limit: 'api',
    params: fileLinkParamsSchema,
    success: { 204: { description: 'The link is revoked' } },
    errors: [fileErrors.notFound, fileLinkErrors.notFound],
    handle: (ctx, { params }) => revokeFileLink(ctx, params.fileId, params.fileLinkId),
    respond: noContent,
  }),
];
