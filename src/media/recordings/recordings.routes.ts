import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors, roomParamsSchema } from '../../rooms/rooms/index.ts';
import { deleteRecording, getRecording, listRecordings, stopRecording } from './manage-recordings.ts';
import { recordingErrors } from './recordings.errors.ts';
import { presentRecording } from './recordings.present.ts';
import {
  recordingExample,
  recordingPageSchema,
  recordingParamsSchema,
  recordingSchema,
} from './recordings.schemas.ts';

const tag = 'Recordings';
const listPath = '/api/v1/rooms/{roomId}/recordings';
const path = `${listPath}/{recordingId}`;
/** The caller's role in the room decides, and guests can have any role. */
export const recordingAccess = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
export const permittedTo =
  'Hosts and moderators can do this; guests only for calls in which they have or had a seat, and if their link has ' +
  '`enableRecording`. Recordings of a deleted room are available to administrators of the organization.';
/** The answer with a recording. */
export const recordingSuccess = (description: string) => ({
  description,
  schema: recordingSchema,
  example: recordingExample,
});
/** Shared by all operations on the recordings of a room. */
export const errorsOfRoom = [
  roomErrors.notFound,
  moderatorErrors.notModerator,
  accessErrors.removed,
  accessErrors.denied,
] as const;
/** Shared by all operations on one recording. */
export const errorsOfOne = [...errorsOfRoom, recordingErrors.notFound] as const;

export const recordingRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listRecordings',
    tag,
    summary: 'List recordings',
    description: `Lists the recordings of a room, the newest first. ${permittedTo}`,
    access: recordingAccess,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of recordings',
        schema: recordingPageSchema,
        example: { data: [recordingExample], nextCursor: null },
      },
    },
    errors: errorsOfRoom,
    handle: (ctx, { params, query }) => listRecordings(ctx, params, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentRecording), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getRecording',
    tag,
    summary: 'Get a recording',
    description: `Returns a recording with its state. ${permittedTo}`,
    access: recordingAccess,
    limit: 'api',
    params: recordingParamsSchema,
    success: { 200: recordingSuccess('The recording') },
    errors: errorsOfOne,
    handle: (ctx, { params }) => getRecording(ctx, params, params.recordingId),
    respond: (row) => ok(presentRecording(row)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/stop`,
    operationId: 'stopRecording',
    tag,
    summary: 'Stop a recording',
    description:
      'Asks a recording to stop; it is finalized and verified before it is ready. Repeating this changes nothing. ' +
      permittedTo,
    access: recordingAccess,
    limit: 'api',
    params: recordingParamsSchema,
    success: { 200: recordingSuccess('The recording') },
    errors: errorsOfOne,
    handle: (ctx, { params }) => stopRecording(ctx, params, params.recordingId),
    respond: (row) => ok(presentRecording(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteRecording',
    tag,
    summary: 'Delete a recording',
    description:
      'Deletes a recording that is over, with its file. Hosts and moderators can do this, except guests.',
    access: { kind: 'permission', permission: 'rooms:read' },
    limit: 'api',
    params: recordingParamsSchema,
    success: { 204: { description: 'The recording is being deleted' } },
    errors: [...errorsOfOne, recordingErrors.notOver, recordingErrors.held],
    handle: (ctx, { params }) => deleteRecording(ctx, params, params.recordingId),
    respond: noContent,
  }),
];
