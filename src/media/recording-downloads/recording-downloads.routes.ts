import { outgoingErrors } from '../../platform/outgoing/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  bytesAnswers,
  contentHeadersSchema,
  contentQuerySchema,
  contentReply,
  FOR_EVERY_PAGE,
  signedParamsSchema,
} from '../downloads/index.ts';
import {
  errorsOfOne,
  permittedTo,
  recordingAccess,
  recordingErrors,
  recordingParamsSchema,
} from '../recordings/index.ts';
import { getDownload } from './get-download.ts';
import { recordingDownloadSchema } from './recording-downloads.schemas.ts';
import { openSignedRecording } from './signed-address.ts';

const tag = 'Recordings';
/** How the storage of a recording can fail to have its file. */
export const storageErrors = [
  recordingErrors.notReady,
  recordingErrors.notStored,
  outgoingErrors.addressRefused,
  outgoingErrors.unresolved,
  outgoingErrors.resolverUnavailable,
  outgoingErrors.unreachable,
  outgoingErrors.redirected,
] as const;

export const recordingDownloadRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/rooms/{roomId}/recordings/{recordingId}/download',
    operationId: 'getRecordingDownload',
    tag,
    summary: 'Get a recording download address',
    description:
      'Returns an address at which the file can be downloaded for an hour, directly from its bucket or from the product. ' +
      `At the product, it stops working earlier when the caller loses access to the recording. ${permittedTo}`,
    access: recordingAccess,
    limit: 'api',
    params: recordingParamsSchema,
    roundTrips: { max: 2, reason: 'the recording as the caller has it, then that it was opened' },
    success: {
      200: {
        description: 'The address',
        schema: recordingDownloadSchema,
        example: {
          url: 'https://s3.storage.example/northwind-calls/auralink/room/call/recording.mp4?X-Amz-Signature=…',
          expiresAt: '2026-01-05T11:30:00.000Z',
        },
      },
    },
    errors: [...errorsOfOne, ...storageErrors],
    handle: (ctx, { params }) => getDownload(ctx, params, params.recordingId),
    respond: ({ url, expiresAt }) => ok({ url, expiresAt: expiresAt.toISOString() }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/recording-downloads/{token}',
    operationId: 'downloadSignedRecording',
    tag,
    summary: 'Download a recording by address',
    description:
      'Returns the bytes of a recording in the storage of the product by an address that `getRecordingDownload` made, or a range of them.',
    access: { kind: 'public', reason: 'the signature in the address is the credential' },
    limit: 'api',
    params: signedParamsSchema,
    query: contentQuerySchema,
    headers: contentHeadersSchema,
    roundTrips: {
      max: 2,
      reason: 'the authority of the one for whom the address was made, then the recording as they have it',
    },
    success: bytesAnswers('recording', ['video/mp4', 'audio/ogg', 'video/webm', 'application/octet-stream']),
    errors: [
      recordingErrors.notFound,
      recordingErrors.urlExpired,
      recordingErrors.notReady,
      recordingErrors.notStored,
    ],
    handle: (ctx, { params, headers, request }) =>
      openSignedRecording(ctx, params.token, headers, request.method),
    respond: (opened, { query }) => contentReply(opened, query, FOR_EVERY_PAGE),
  }),
];
