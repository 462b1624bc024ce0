import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { exampleId } from '../../kernel/core/index.ts';
import { created, defineRoute, type Route } from '../../platform/http/index.ts';
import { roomParamsSchema } from '../../rooms/rooms/index.ts';
import { bucketErrors } from '../buckets/index.ts';
import { errorsOfRoom, presentRecording, recordingErrors, recordingSuccess } from '../recordings/index.ts';
import { startRecordingSchema } from './recording-requests.schemas.ts';
import { startRecording } from './start-recording.ts';

export const recordingRequestRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms/{roomId}/recordings',
    operationId: 'startRecording',
    tag: 'Recordings',
    summary: 'Start a recording',
    description:
      'Starts a recording of the open call of the room. It is stored in a bucket of the organization, or by the product ' +
      'if the organization has none. It begins within seconds; `state` says how far it is. Hosts and moderators can do ' +
      'this, for one recording at a time.',
    /** The caller's role in the room decides, and guests can have any role. */
    access: { kind: 'permission', permission: 'rooms:read', guests: true },
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: startRecordingSchema, example: { bucketId: exampleId('bucket') } },
    idempotent: true,
    success: { 201: recordingSuccess('The recording') },
    errors: [
      ...errorsOfRoom,
      recordingErrors.noCall,
      recordingErrors.alreadyRecording,
      recordingErrors.notConnected,
      recordingErrors.notPublished,
      recordingErrors.switchedOff,
      recordingErrors.bucketFailing,
      recordingErrors.noStorage,
      bucketErrors.notFound,
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
    ],
    handle: (ctx, { params, body }) => startRecording(ctx, params, body),
    respond: (row) => created(presentRecording(row), `/api/v1/rooms/${row.roomId}/recordings/${row.id}`),
  }),
];
