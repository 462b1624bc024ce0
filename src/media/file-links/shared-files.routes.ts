import { defineRoute, ok, type Reply, type Route } from '../../platform/http/index.ts';
import { linkErrors } from '../../rooms/links/index.ts';
import {
  bytesAnswers,
  contentHeadersSchema,
  contentQuerySchema,
  contentReply,
  FOR_EVERY_PAGE,
  signedParamsSchema,
} from '../downloads/index.ts';
import { fileLinkErrors } from './file-links.errors.ts';
import { presentSharedDownload, presentSharedFile } from './file-links.present.ts';
import {
  openSharedFileSchema,
  sharedDownloadExample,
  sharedDownloadSchema,
  sharedFileExample,
  sharedFileSchema,
  sharedFileTokenExample,
  sharedFileTokenSchema,
} from './file-links.schemas.ts';
import { openSharedFilePage } from './open-shared-file-page.ts';
import { findSharedFile, openSharedContent, openSharedFile } from './open-shared-file.ts';

const tag = 'Files';
const path = '/api/v1/shared-files';
const access = { kind: 'public', reason: 'the token of the link is the credential' } as const;

/** The operations for people who have a link. */
export const sharedFileRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: `${path}/preview`,
    operationId: 'previewSharedFile',
    tag,
    summary: 'Preview a shared file',
    description:
      'Returns what the link with this token leads to; if the link has a password, nothing about the file. This does not ' +
      'count as a download. A link that does not work, for whatever reason, is not found.',
    access,
    limit: 'api',
    body: { schema: sharedFileTokenSchema, example: sharedFileTokenExample },
    success: { 200: { description: 'The file', schema: sharedFileSchema, example: sharedFileExample } },
    errors: [fileLinkErrors.notFound],
    handle: (ctx, { body }) => findSharedFile(ctx, body.token),
    respond: (found) => ok(presentSharedFile(found)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/open`,
    operationId: 'openSharedFile',
    tag,
    summary: 'Open a shared file',
    description:
      'Begins a download through the link with this token and counts it. The response has an address of the bytes that ' +
      'works for an hour: a download that breaks is continued there and does not count again. After ten wrong passwords ' +
      'from a network, the link is closed to that network for up to ten minutes. After 200 from all networks within an ' +
      'hour, each network has one attempt instead of ten.',
    access,
    limit: 'api',
    body: { schema: openSharedFileSchema, example: sharedFileTokenExample },
    success: {
      200: { description: 'The download', schema: sharedDownloadSchema, example: sharedDownloadExample },
    },
    errors: [
      fileLinkErrors.notFound,
      linkErrors.passwordRequired,
      linkErrors.wrongPassword,
      linkErrors.tooManyAttempts,
    ],
    handle: (ctx, { body }) => openSharedFile(ctx, body),
    respond: (download) => ok(presentSharedDownload(download)),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/shared-downloads/{token}',
    operationId: 'downloadSharedFile',
    tag,
    summary: 'Download a shared file',
    description:
      'Returns the bytes of a file by an address that `openSharedFile` made, or a range of them. The address stops ' +
      'working when the link does.',
    access: { kind: 'public', reason: 'the signature in the address is the credential' },
    limit: 'api',
    params: signedParamsSchema,
    query: contentQuerySchema,
    headers: contentHeadersSchema,
    success: bytesAnswers('file', ['application/octet-stream']),
    errors: [fileLinkErrors.notFound],
    handle: (ctx, { params, headers, request }) =>
      openSharedContent(ctx, params.token, headers, request.method),
    respond: (opened, { query }) => contentReply(opened, query, FOR_EVERY_PAGE),
  }),
  defineRoute({
    method: 'get',
    path: '/shared-files',
    operationId: 'getSharedFilePage',
    tag,
    summary: 'Get the shared file page',
    description:
      'Returns the page on which people with a link download its file. The token is in the fragment of the address, so ' +
      'the page itself has nothing of the file.',
    access: { kind: 'public', reason: 'the page holds nothing of any file' },
    limit: 'documents',
    success: { 200: { description: 'The page', mediaTypes: ['text/html'] } },
    handle: (ctx) => openSharedFilePage(ctx),
    respond: (page): Reply => page,
  }),
];
