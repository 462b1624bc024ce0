import { requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  errorsOfOne,
  presentRecording,
  recordingErrors,
  recordingParamsSchema,
  recordingSuccess,
} from '../recordings/index.ts';
import { holdRecording, releaseRecording } from './hold-recording.ts';
import { holdRecordingSchema } from './recording-holds.schemas.ts';

const PATH = '/api/v1/rooms/{roomId}/recordings/{recordingId}/hold';

export const recordingHoldRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: PATH,
    operationId: 'holdRecording',
    tag: 'Recordings',
    summary: 'Hold a recording',
    description:
      'Keeps a recording that is ready until it is released: neither people nor its expiry can delete its file. If that ' +
      'is in the storage of the product, the organization cannot be deleted either. Holding it again changes the reason. ' +
      'Owners and admins can do this.',
    access: { kind: 'permission', permission: 'organizations:write' },
    limit: 'api',
    params: recordingParamsSchema,
    body: { schema: holdRecordingSchema, example: { reason: 'Claim 2026-14' } },
    success: { 200: recordingSuccess('The recording') },
    errors: [...errorsOfOne, recordingErrors.notReady, requestErrors.stale],
    handle: (ctx, { params, body }) => holdRecording(ctx, params, params.recordingId, body.reason),
    respond: (row) => ok(presentRecording(row)),
  }),
  defineRoute({
    method: 'delete',
    path: PATH,
    operationId: 'releaseRecording',
    tag: 'Recordings',
    summary: 'Release a recording',
    description:
      'Ends the hold of a recording; a recording that is not held does not change. Owners and admins can do this.',
    access: { kind: 'permission', permission: 'organizations:write' },
    limit: 'api',
    params: recordingParamsSchema,
    success: { 200: recordingSuccess('The recording') },
    errors: [...errorsOfOne, requestErrors.stale],
    handle: (ctx, { params }) => releaseRecording(ctx, params, params.recordingId),
    respond: (row) => ok(presentRecording(row)),
  }),
];
