import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { fileErrors, fileParamsSchema } from '../files/index.ts';
import { compressFile } from './compress-file.ts';
import { fileCompressionErrors } from './file-compressions.errors.ts';
import { presentCompression } from './file-compressions.present.ts';
import {
  compressFileSchema,
  fileCompressionExample,
  fileCompressionPageSchema,
  fileCompressionParamsSchema,
  fileCompressionSchema,
} from './file-compressions.schemas.ts';
import { cancelCompression, getCompression, listCompressions } from './manage-compressions.ts';

const tag = 'Files';
const compressionsPath = '/api/v1/files/{fileId}/compressions';
const compressionPath = `${compressionsPath}/{compressionId}`;

const managers =
  'The owner of the file, administrators, the API key that uploaded it, and keys with the scope `files:manage` can do ' +
  'this.';
const requestedExample = {
  ...fileCompressionExample,
  state: 'requested' as const,
  progress: 0,
  copyBytes: null,
  copyType: null,
  measurement: null,
  endedAt: null,
};
const cancelledExample = { ...requestedExample, state: 'cancelled' as const, reason: 'requested' as const };
const success = (description: string, example: typeof fileCompressionExample) => ({
  description,
  schema: fileCompressionSchema,
  example,
});

export const fileCompressionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: compressionsPath,
    operationId: 'compressFile',
    tag,
    summary: 'Compress a file',
    description:
      'Makes a smaller copy of a video or picture, which then replaces it. Before that, the copy is decoded in full and ' +
      'compared with the original: it is never larger, and never less similar than requested. Afterwards the file has ' +
      'another size, checksum and ETag, and perhaps another type and extension; the original is deleted an hour later. If ' +
      `there is no smaller copy of that quality, the original stays. A video of an hour may take hours. ${managers}`,
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    params: fileParamsSchema,
    body: { schema: compressFileSchema, example: { minSsim: 0.97 } },
    idempotent: true,
    success: { 202: success('The compression, which has not begun', requestedExample) },
    errors: [
      fileErrors.notFound,
      fileCompressionErrors.notConfigured,
      fileCompressionErrors.alreadyCompressed,
      fileCompressionErrors.notScanned,
      fileCompressionErrors.notCompressible,
      fileCompressionErrors.alreadyRunning,
      fileCompressionErrors.tooMany,
    ],
    roundTrips: { max: 3, reason: 'the file says whose config applies' },
    handle: (ctx, { params, body }) => compressFile(ctx, params.fileId, body),
    respond: (compression) => ({
      status: 202,
      body: presentCompression(compression),
      headers: { Location: `/api/v1/files/${compression.fileId}/compressions/${compression.id}` },
    }),
  }),
  defineRoute({
    method: 'get',
    path: compressionsPath,
    operationId: 'listFileCompressions',
    tag,
    summary: 'List file compressions',
    description: `Lists the compressions that compressed a file, or tried to, the newest first. ${managers}`,
    access: { kind: 'permission', permission: 'files:read' },
    limit: 'api',
    params: fileParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of compressions',
        schema: fileCompressionPageSchema,
        example: { data: [fileCompressionExample], nextCursor: null },
      },
    },
    errors: [fileErrors.notFound],
    handle: (ctx, { params, query }) => listCompressions(ctx, params.fileId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentCompression), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: compressionPath,
    operationId: 'getFileCompression',
    tag,
    summary: 'Get a file compression',
    description: `Returns the progress of a compression and its measurements. ${managers}`,
    access: { kind: 'permission', permission: 'files:read' },
    limit: 'api',
    params: fileCompressionParamsSchema,
    success: { 200: success('The compression', fileCompressionExample) },
    errors: [fileErrors.notFound, fileCompressionErrors.notFound],
    handle: (ctx, { params }) => getCompression(ctx, params.fileId, params.compressionId),
    respond: (compression) => ok(presentCompression(compression)),
  }),
  defineRoute({
    method: 'post',
    path: `${compressionPath}/cancel`,
    operationId: 'cancelFileCompression',
    tag,
    summary: 'Cancel a file compression',
    description: `Ends a compression: the file stays as it is. A compression that is over does not change. ${managers}`,
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    params: fileCompressionParamsSchema,
    success: { 200: success('The compression', cancelledExample) },
    errors: [fileErrors.notFound, fileCompressionErrors.notFound],
    handle: (ctx, { params }) => cancelCompression(ctx, params.fileId, params.compressionId),
    respond: (compression) => ok(presentCompression(compression)),
  }),
];
