import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { fileErrors, fileExample, fileSchema, presentFile } from '../files/index.ts';
import { createFile } from './create-file.ts';
import { MAX_REQUEST_BYTES } from './incoming-files.rules.ts';
import { checksumOf, createFileHeadersSchema, createFileSchema } from './incoming-files.schemas.ts';

const path = '/api/v1/files';

/** Long enough for the largest body at 2 Mbit/s. */
const UPLOAD_SECONDS = 420;

/** The declared length of a body; undefined without one. */
function readContentLength({ headers }: Request): number | undefined {
  const text = headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export const incomingFileRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'createFile',
    tag: 'Files',
    summary: 'Upload a file',
    description:
      `Uploads a file of at most ${MAX_REQUEST_BYTES} bytes: the body is the file itself, its length in \`Content-Length\`. ` +
      'Larger files, and uploads over connections that may break, use resumable uploads. The size counts in the storage ' +
      'of the organization from the beginning of the upload; a failed upload leaves nothing. The type of the file is ' +
      'determined by its content.',
    access: { kind: 'permission', permission: 'files:write' },
    limit: 'upload',
    query: createFileSchema,
    headers: createFileHeadersSchema,
    streamBody: { mediaTypes: [], example: 'Agenda of the meeting' },
    timeLimitSeconds: UPLOAD_SECONDS,
    roundTrips: {
      max: 3,
      reason: 'in a room: its access; the size is held before the bytes, the file is there after them',
    },
    success: { 201: { description: 'The file', schema: fileSchema, example: fileExample } },
    errors: [
      fileErrors.lengthRequired,
      fileErrors.tooLarge,
      fileErrors.uploadIncomplete,
      fileErrors.checksumMismatch,
      fileErrors.expiryInPast,
      fileErrors.roomRequired,
      fileErrors.notFound,
      entitlementErrors.limitReached,
      roomErrors.notFound,
      accessErrors.removed,
    ],
    handle: (ctx, { query, headers, request }) =>
      createFile(ctx, query, {
        body: request.body,
        sizeBytes: readContentLength(request),
        contentType: request.headers.get('content-type') ?? 'application/octet-stream',
        checksum: checksumOf(headers['content-digest']),
      }),
    respond: (file) => created(presentFile(file), `${path}/${file.id}`, file.version),
  }),
];
