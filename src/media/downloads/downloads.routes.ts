import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { fileErrors, fileParamsSchema } from '../files/index.ts';
import { contentReply, FOR_EVERY_PAGE } from './downloads.present.ts';
import {
  bytesAnswers,
  contentHeadersSchema,
  contentQuerySchema,
  downloadUrlExample,
  downloadUrlSchema,
  signedParamsSchema,
} from './downloads.schemas.ts';
import { openContent } from './open-content.ts';
import { openPublicContent } from './open-public-content.ts';
import { createDownloadUrl, openSignedContent } from './signed-url.ts';

const tag = 'Files';
const notServed = [fileErrors.infected, fileErrors.scanPending, fileErrors.notScannable];

const contentSuccess = bytesAnswers('file', ['application/octet-stream']);

export const downloadRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/files/{fileId}/content',
    operationId: 'downloadFile',
    tag,
    summary: 'Download a file',
    description:
      'Returns the bytes of a file, or a range of them. The bytes and their ETag change at most once: when a smaller copy ' +
      'replaces them. People other than the owner get a file once it has been scanned, or at once (`unscanned`) where the ' +
      'service has no scanner. An infected file is not served. Nothing in a file runs: it is sent in a sandbox.',
    access: { kind: 'permission', permission: 'files:read', guests: true },
    limit: 'api',
    params: fileParamsSchema,
    query: contentQuerySchema,
    headers: contentHeadersSchema,
    success: contentSuccess,
    errors: [
      fileErrors.notFound,
      ...notServed,
      roomErrors.notFound,
      accessErrors.removed,
      accessErrors.denied,
    ],
    handle: (ctx, { params, headers, request }) => openContent(ctx, params.fileId, headers, request.method),
    respond: (opened, { query }) => contentReply(opened, query),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/files/{fileId}/download-url',
    operationId: 'createDownloadUrl',
    tag,
    summary: 'Create a file download address',
    description:
      'Creates an address of the bytes for pages and players, which works for an hour without a credential. It stops ' +
      'working earlier when the file is deleted or expires, or when the access, membership or API key of the caller ends. ' +
      'Signing out does not end it.',
    access: { kind: 'permission', permission: 'files:read' },
    limit: 'api',
    params: fileParamsSchema,
    success: { 200: { description: 'The address', schema: downloadUrlSchema, example: downloadUrlExample } },
    errors: [fileErrors.notFound, ...notServed],
    handle: (ctx, { params }) => createDownloadUrl(ctx, params.fileId),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/downloads/{token}',
    operationId: 'downloadSignedFile',
    tag,
    summary: 'Download a file by address',
    description:
      'Returns the bytes of a file by an address that `createDownloadUrl` made, or a range of them.',
    access: { kind: 'public', reason: 'the signature in the address is the credential' },
    limit: 'api',
    params: signedParamsSchema,
    query: contentQuerySchema,
    headers: contentHeadersSchema,
    roundTrips: {
      max: 2,
      reason: 'the authority of the one for whom the address was made, then the file as they see it',
    },
    success: contentSuccess,
    errors: [fileErrors.notFound, fileErrors.urlExpired, ...notServed],
    handle: (ctx, { params, headers, request }) =>
      openSignedContent(ctx, params.token, headers, request.method),
    respond: (opened, { query }) => contentReply(opened, query, FOR_EVERY_PAGE),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/public-files/{fileId}/content',
    operationId: 'downloadPublicFile',
    tag,
    summary: 'Download a public file',
    description:
      'Returns the bytes of a file with the access `public`, or a range of them, once it has been scanned and is clean.',
    access: { kind: 'public', reason: 'its owner made the file public' },
    limit: 'api',
    params: fileParamsSchema,
    query: contentQuerySchema,
    headers: contentHeadersSchema,
    success: contentSuccess,
    errors: [fileErrors.notFound],
    handle: (ctx, { params, headers, request }) =>
      openPublicContent(ctx, params.fileId, headers, request.method),
    respond: (opened, { query }) => contentReply(opened, query, FOR_EVERY_PAGE),
  }),
];
