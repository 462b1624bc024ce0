import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, noContent, ok, type Reply, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { fileErrors, fileParamsSchema } from '../files/index.ts';
import { listUploads } from './list-uploads.ts';
import {
  IDLE_MINUTES,
  MAX_OPEN_UPLOADS,
  readNewFile,
  requireTusVersion,
  TUS_VERSION,
  UPLOAD_HOURS,
  uploadHeaders,
} from './tus.rules.ts';
import { presentOpenUpload, presentUpload } from './uploads.present.ts';
import { uploadErrors } from './uploads.errors.ts';
import {
  appendUploadHeadersSchema,
  createUploadHeadersSchema,
  listUploadsSchema,
  openUploadExample,
  openUploadPageSchema,
  tusHeadersSchema,
  uploadExample,
  uploadSchema,
} from './uploads.schemas.ts';
import { appendToUpload, createUpload, deleteUpload, type FoundUpload, getUpload } from './write-upload.ts';

const tag = 'Files';
const path = '/api/v1/uploads';
const BYTES = 'application/offset+octet-stream';

/** What each answer of the protocol says. */
const responseHeaders = {
  'Tus-Resumable': TUS_VERSION,
  'Tus-Version': TUS_VERSION,
  'Tus-Extension': 'creation,creation-with-upload,expiration,termination',
};

/** Long enough for 100 MB, which the platform takes in one request, at 2 Mbit/s. */
const APPEND_SECONDS = 420;

const withPosition = (reply: Reply, { file, offset }: FoundUpload): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...uploadHeaders(file, offset) },
});

const owners = 'Only the user or API key that began an upload sees it.';

export const uploadRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'createUpload',
    tag,
    summary: 'Begin a resumable upload',
    description:
      'Begins an upload by the tus protocol, version 1.0.0, which `tus-js-client` and others speak; the request may have ' +
      'the first bytes already. The size counts in the storage of the organization from now on. The upload is given up ' +
      `after ${IDLE_MINUTES} minutes without bytes, and ${UPLOAD_HOURS} hours after its beginning. A user or an API key ` +
      `has at most ${MAX_OPEN_UPLOADS} open at a time.`,
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'upload',
    headers: createUploadHeadersSchema,
    streamBody: { mediaTypes: [BYTES], example: 'Agenda of the meeting', optional: true },
    responseHeaders,
    timeLimitSeconds: APPEND_SECONDS,
    roundTrips: {
      max: 3,
      reason: 'in a room: its access; the size is held before the bytes, the file is there after them',
    },
    success: { 201: { description: 'The upload', schema: uploadSchema, example: uploadExample } },
    errors: [
      uploadErrors.unsupportedVersion,
      uploadErrors.tooLong,
      fileErrors.expiryInPast,
      fileErrors.roomRequired,
      fileErrors.tooManyUploads,
      entitlementErrors.limitReached,
      roomErrors.notFound,
      accessErrors.removed,
    ],
    handle: (ctx, { headers, request }) => {
      requireTusVersion(headers['tus-resumable']);
      const { file, contentType } = readNewFile(headers['upload-metadata']);
      const body = request.headers.get('content-type') === BYTES ? request.body : null;
      return createUpload(ctx, file, { sizeBytes: headers['upload-length'], contentType }, body);
    },
    respond: (found) => withPosition(created(presentUpload(found), `${path}/${found.file.id}`), found),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'listUploads',
    tag,
    summary: 'List open uploads',
    description:
      'Lists the uploads under way, resumable ones and those in one request, the newest first. Callers see their own ' +
      'uploads; administrators and keys with the scope `files:manage` see all. Each upload counts with its full size in ' +
      'the storage of the organization.',
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    query: listUploadsSchema,
    success: {
      200: {
        description: 'A page of uploads',
        schema: openUploadPageSchema,
        example: { data: [openUploadExample], nextCursor: null },
      },
    },
    errors: [],
    handle: (ctx, { query }) => listUploads(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentOpenUpload), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/{fileId}`,
    operationId: 'getUpload',
    tag,
    summary: 'Get an upload',
    description: `Returns how many bytes of an upload are kept; \`HEAD\` does so by the tus protocol. ${owners}`,
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    params: fileParamsSchema,
    responseHeaders,
    success: { 200: { description: 'The upload', schema: uploadSchema, example: uploadExample } },
    errors: [uploadErrors.notFound, uploadErrors.expired],
    handle: (ctx, { params }) => getUpload(ctx, params.fileId),
    respond: (found) => withPosition({ status: 200, body: presentUpload(found) }, found),
  }),
  defineRoute({
    method: 'patch',
    path: `${path}/{fileId}`,
    operationId: 'appendToUpload',
    tag,
    summary: 'Append to an upload',
    description:
      'Appends bytes to an upload, at most 100 MB in one request. What arrives before a connection breaks is kept. A ' +
      'newer request stops an older one and continues where that ended. With the last byte the upload becomes ' +
      `a file. ${owners}`,
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    params: fileParamsSchema,
    headers: appendUploadHeadersSchema,
    streamBody: { mediaTypes: [BYTES], example: 'Agenda of the meeting' },
    responseHeaders,
    timeLimitSeconds: APPEND_SECONDS,
    success: { 204: { description: 'The bytes are kept; `Upload-Offset` says how many there are' } },
    errors: [
      uploadErrors.notFound,
      uploadErrors.expired,
      uploadErrors.offsetMismatch,
      uploadErrors.tooLong,
      uploadErrors.unsupportedVersion,
      fileErrors.notFound,
    ],
    handle: (ctx, { params, headers, request }) => {
      requireTusVersion(headers['tus-resumable']);
      return appendToUpload(ctx, params.fileId, headers['upload-offset'], request.body);
    },
    respond: (found) => withPosition(noContent(), found),
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/{fileId}`,
    operationId: 'deleteUpload',
    tag,
    summary: 'Give up an upload',
    description:
      'Gives up an upload and frees the storage that it held. If it has become a file, `deleteFile` deletes that. The ' +
      'user or API key that began it, administrators, and keys with the scope `files:manage` can do this.',
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'api',
    params: fileParamsSchema,
    headers: tusHeadersSchema,
    responseHeaders,
    success: { 204: { description: 'The upload is given up' } },
    errors: [uploadErrors.notFound, uploadErrors.expired, uploadErrors.unsupportedVersion],
    handle: (ctx, { params, headers }) => {
      requireTusVersion(headers['tus-resumable']);
      return deleteUpload(ctx, params.fileId);
    },
    respond: noContent,
  }),
];
