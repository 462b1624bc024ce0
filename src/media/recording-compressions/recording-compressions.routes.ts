import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { fileCompressionErrors } from '../file-compressions/index.ts';
import { errorsOfOne, recordingErrors, recordingParamsSchema } from '../recordings/index.ts';
import { compressRecording } from './compress-recording.ts';
import { cancelCompression, getCompression, listCompressions } from './manage-recording-compressions.ts';
import { recordingCompressionErrors } from './recording-compressions.errors.ts';
import { presentCompression } from './recording-compressions.present.ts';
import {
  compressRecordingSchema,
  recordingCompressionExample,
  recordingCompressionPageSchema,
  recordingCompressionParamsSchema,
  recordingCompressionSchema,
} from './recording-compressions.schemas.ts';

const tag = 'Recordings';
const listPath = '/api/v1/rooms/{roomId}/recordings/{recordingId}/compressions';
const path = `${listPath}/{compressionId}`;
/** As deleting, which also takes bytes away: guests may not, whatever their role. */
const access = { kind: 'permission', permission: 'rooms:read' } as const;
const permittedTo = 'Hosts and moderators can do this, except guests.';
const requestedExample = {
  ...recordingCompressionExample,
  state: 'requested' as const,
  progress: 0,
  copyBytes: null,
  copyType: null,
  measurement: null,
  endedAt: null,
};
const success = (description: string, example: typeof recordingCompressionExample) => ({
  description,
  schema: recordingCompressionSchema,
  example,
});

export const recordingCompressionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'compressRecording',
    tag,
    summary: 'Compress a recording',
    description:
      'Makes a smaller copy of a recording in the storage of the product, which then replaces it. Before that, the copy ' +
      'is decoded in full and compared with the original: it is never larger, and never less similar than requested. ' +
      'Meanwhile the recording is `compressing`, and can be downloaded. Afterwards it has another size, checksum and ' +
      'ETag; the original is deleted an hour later. If there is no smaller copy of that quality, the original stays. A ' +
      `hold ends the compression, because a held recording is not replaced. ${permittedTo}`,
    access,
    limit: 'api',
    params: recordingParamsSchema,
    body: { schema: compressRecordingSchema, example: { minSsim: 0.97 } },
    idempotent: true,
    success: { 202: success('The compression, which has not begun', requestedExample) },
    errors: [
      ...errorsOfOne,
      recordingErrors.notReady,
      recordingErrors.held,
      recordingCompressionErrors.inBucket,
      recordingCompressionErrors.alreadyCompressed,
      recordingCompressionErrors.notCompressible,
      fileCompressionErrors.notConfigured,
      fileCompressionErrors.alreadyRunning,
      fileCompressionErrors.tooMany,
    ],
    roundTrips: { max: 3, reason: 'the recording says which room the config is for' },
    handle: (ctx, { params, body }) => compressRecording(ctx, params, params.recordingId, body),
    respond: (compression, { params }) => ({
      status: 202,
      body: presentCompression(compression),
      headers: {
        Location: `/api/v1/rooms/${params.roomId}/recordings/${params.recordingId}/compressions/${compression.id}`,
      },
    }),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listRecordingCompressions',
    tag,
    summary: 'List recording compressions',
    description: `Lists the compressions that compressed a recording, or tried to, the newest first. ${permittedTo}`,
    access,
    limit: 'api',
    params: recordingParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of compressions',
        schema: recordingCompressionPageSchema,
        example: { data: [recordingCompressionExample], nextCursor: null },
      },
    },
    roundTrips: { max: 2, reason: 'the recording as the caller has it, then its compressions' },
    errors: errorsOfOne,
    handle: (ctx, { params, query }) => listCompressions(ctx, params, params.recordingId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentCompression), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getRecordingCompression',
    tag,
    summary: 'Get a recording compression',
    description: `Returns the progress of a compression and its measurements. ${permittedTo}`,
    access,
    limit: 'api',
    params: recordingCompressionParamsSchema,
    success: { 200: success('The compression', recordingCompressionExample) },
    roundTrips: { max: 2, reason: 'the recording as the caller has it, then its compression' },
    errors: [...errorsOfOne, recordingCompressionErrors.notFound],
    handle: (ctx, { params }) => getCompression(ctx, params, params),
    respond: (compression) => ok(presentCompression(compression)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/cancel`,
    operationId: 'cancelRecordingCompression',
    tag,
    summary: 'Cancel a recording compression',
    description: `Ends a compression: the recording stays as it is. A compression that is over does not change. ${permittedTo}`,
    access,
    limit: 'api',
    params: recordingCompressionParamsSchema,
    success: {
      200: success('The compression', { ...requestedExample, state: 'cancelled', reason: 'requested' }),
    },
    roundTrips: { max: 3, reason: 'the recording as the caller has it, its compression, and the commit' },
    errors: [...errorsOfOne, recordingCompressionErrors.notFound],
    handle: (ctx, { params }) => cancelCompression(ctx, params, params),
    respond: (compression) => ok(presentCompression(compression)),
  }),
];
