import { defineRoute, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { bytesAnswers, contentHeadersSchema, contentQuerySchema, contentReply } from '../downloads/index.ts';
import { fileErrors } from '../files/index.ts';
import { openPreview } from './open-preview.ts';
import { previewParamsSchema } from './previews.schemas.ts';

export const previewRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/files/{fileId}/previews/{name}',
    operationId: 'downloadPreview',
    tag: 'Files',
    summary: 'Download a preview image',
    description:
      'Returns a small image of a picture, a video or a page of a document: one of those that `preview.images` of the file names. Anyone who may download ' +
      'the file may see it. It never changes.',
    access: { kind: 'permission', permission: 'files:read', guests: true },
    limit: 'api',
    params: previewParamsSchema,
    query: contentQuerySchema,
    headers: contentHeadersSchema,
    success: bytesAnswers('image', ['image/webp', 'image/avif']),
    errors: [
      fileErrors.notFound,
      fileErrors.noPreview,
      fileErrors.infected,
      fileErrors.scanPending,
      fileErrors.notScannable,
      roomErrors.notFound,
      accessErrors.removed,
      accessErrors.denied,
    ],
    handle: (ctx, { params, headers, request }) => openPreview(ctx, params, headers, request.method),
    respond: (opened, { query }) => contentReply(opened, query),
  }),
];
