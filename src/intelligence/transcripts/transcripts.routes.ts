import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { fileErrors } from '../../media/files/index.ts';
import { errorsOfOne, errorsOfRoom, recordingErrors } from '../../media/recordings/index.ts';
import { deleteTranscription } from './change-transcription.ts';
import { createTranscription } from './create-transcription.ts';
import { getTranscription, listTranscriptions } from './read-transcriptions.ts';
import { transcriptErrors } from './transcripts.errors.ts';
import { presentTranscription } from './transcripts.present.ts';
import {
  createTranscriptionSchema,
  transcriptionExample,
  transcriptionPageSchema,
  transcriptionParamsSchema,
  transcriptionSchema,
  transcriptionsQuerySchema,
} from './transcripts.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    transcripts: 'read' | 'write';
  }
}

const tag = 'Transcripts';
const listPath = '/api/v1/ai/transcriptions';
const path = `${listPath}/{transcriptionId}`;
export const roundTrips = (max: number) => ({
  max,
  reason: 'a transcription says which file or recording must be open to the caller',
});
const readers = 'Those who may read its file, or moderate the room of its recording, can read it.';
const requestedExample = {
  ...transcriptionExample,
  state: 'requested' as const,
  progress: 0,
  language: null,
  languageConfidence: null,
  durationSeconds: null,
  endedAt: null,
};

export const transcriptRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createTranscription',
    tag,
    summary: 'Create a transcription',
    description:
      'Transcribes a file or a recording in the background, with the time of each word. Files must be ' +
      'sound or video; a file of a recording must be verified. Times without speech have no segment. ' +
      'Needs access to the file, or to moderate the room of the recording.',
    access: { kind: 'permission', permission: 'transcripts:write' },
    limit: 'api',
    body: {
      schema: createTranscriptionSchema,
      example: { fileId: transcriptionExample.fileId!, language: 'en' },
    },
    idempotent: true,
    success: {
      202: {
        description: 'The transcription, which has not begun yet',
        schema: transcriptionSchema,
        example: requestedExample,
      },
    },
    errors: [
      fileErrors.notFound,
      ...errorsOfOne,
      recordingErrors.notReady,
      transcriptErrors.notConfigured,
      transcriptErrors.noKey,
      transcriptErrors.notScanned,
      transcriptErrors.notSound,
      transcriptErrors.alreadyRunning,
      transcriptErrors.tooMany,
    ],
    handle: (ctx, { body }) => createTranscription(ctx, body),
    respond: (found) => ({
      status: 202,
      body: presentTranscription(found),
      headers: { Location: `${listPath}/${found.transcription.id}` },
    }),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listTranscriptions',
    tag,
    summary: 'List transcriptions',
    description:
      'Lists the transcriptions of files that the caller may read, the newest first. `roomId` ' +
      'lists the transcriptions of recordings of a room that the caller moderates instead. `q` selects ' +
      'transcriptions that contain it.',
    access: { kind: 'permission', permission: 'transcripts:read' },
    limit: 'api',
    query: transcriptionsQuerySchema,
    success: {
      200: {
        description: 'A page of transcriptions',
        schema: transcriptionPageSchema,
        example: { data: [transcriptionExample], nextCursor: null },
      },
    },
    errors: errorsOfRoom,
    handle: (ctx, { query }) => listTranscriptions(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentTranscription), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getTranscription',
    tag,
    summary: 'Get a transcription',
    description: `Returns a transcription with its progress. ${readers}`,
    access: { kind: 'permission', permission: 'transcripts:read' },
    limit: 'api',
    params: transcriptionParamsSchema,
    success: {
      200: { description: 'The transcription', schema: transcriptionSchema, example: transcriptionExample },
    },
    errors: [transcriptErrors.notFound],
    roundTrips: roundTrips(2),
    handle: (ctx, { params }) => getTranscription(ctx, params.transcriptionId),
    respond: (found) => ok(presentTranscription(found)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteTranscription',
    tag,
    summary: 'Delete a transcription',
    description:
      'Deletes a transcription with its transcript; a running one ends. The user or API key that ' +
      'asked for it can do this, those who may change its file, and moderators of the room of its ' +
      'recording.',
    access: { kind: 'permission', permission: 'transcripts:write' },
    limit: 'api',
    params: transcriptionParamsSchema,
    success: { 204: { description: 'It is deleted' } },
    errors: [transcriptErrors.notFound],
    roundTrips: roundTrips(3),
    handle: (ctx, { params }) => deleteTranscription(ctx, params.transcriptionId),
    respond: () => ({ status: 204 }),
  }),
];
