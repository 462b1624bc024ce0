import { defineRoute, ok, type Reply, type Route } from '../../platform/http/index.ts';
import { storageErrors } from '../recording-downloads/index.ts';
import { errorsOfOne, recordingErrors, recordingParamsSchema } from '../recordings/index.ts';
import { createPlayback } from './create-playback.ts';
import { openPlayback, type Playback } from './open-playback.ts';
import { openPlaybackPage } from './open-playback-page.ts';
import { playbackErrors } from './playback.errors.ts';
import {
  playbackAddressExample,
  playbackAddressSchema,
  playbackExample,
  playbackSchema,
  playbackTokenExample,
  playbackTokenSchema,
  type PlaybackView,
} from './playback.schemas.ts';

const tag = 'Recordings';

const presentPlayback = ({ recording, media, topics, ...rest }: Playback): PlaybackView => ({
  ...rest,
  topics: [...topics],
  recording: {
    id: recording.id,
    kind: recording.kind,
    startedAt: (recording.startedAt ?? recording.createdAt).toISOString(),
    durationSeconds: recording.durationMs === null ? null : recording.durationMs / 1_000,
    sizeBytes: recording.sizeBytes,
  },
  media: { ...media, expiresAt: media.expiresAt.toISOString() },
});

export const playbackRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms/{roomId}/recordings/{recordingId}/playback',
    operationId: 'createRecordingPlayback',
    tag,
    summary: 'Create a playback address',
    description:
      'Creates the address of a page that plays the recording, with chapters, the people of the call and its chat. It ' +
      'works for four hours for everybody who has it, and stops earlier when the caller loses access to the recording. A ' +
      'file in a bucket of the organization can be downloaded from there for an hour after the page was last opened. ' +
      'Hosts and moderators can do this, except guests; each address leaves an entry in the audit log.',
    access: { kind: 'permission', permission: 'rooms:read' },
    limit: 'api',
    params: recordingParamsSchema,
    success: {
      200: { description: 'The address', schema: playbackAddressSchema, example: playbackAddressExample },
    },
    errors: [...errorsOfOne, recordingErrors.notReady],
    handle: (ctx, { params }) => createPlayback(ctx, params, params.recordingId),
    respond: ({ expiresAt, ...address }) => ok({ ...address, expiresAt: expiresAt.toISOString() }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/playback',
    operationId: 'openPlayback',
    tag,
    summary: 'Open a playback',
    description:
      'Returns what a player needs: the address of the file for an hour, chapters, and the people who were in the call. A token ' +
      'that does not work, for whatever reason, is not found.',
    access: { kind: 'public', reason: 'the signature in the token is the credential' },
    limit: 'api',
    body: { schema: playbackTokenSchema, example: playbackTokenExample },
    roundTrips: {
      max: 4,
      reason:
        'the authority of the one for whom the address was made, then the recording and, at the same time, its call, then that it was opened',
    },
    success: { 200: { description: 'The playback', schema: playbackSchema, example: playbackExample } },
    errors: [playbackErrors.notFound, ...storageErrors],
    handle: (ctx, { body }) => openPlayback(ctx, body.token),
    respond: (playback) => ok(presentPlayback(playback)),
  }),
  defineRoute({
    method: 'get',
    path: '/playback',
    operationId: 'getPlaybackPage',
    tag,
    summary: 'Get the playback page',
    description:
      'Returns the page that plays a recording; the token is in the fragment of the address, so the page itself has ' +
      'nothing of the recording.',
    access: { kind: 'public', reason: 'the page holds nothing of anybody' },
    limit: 'documents',
    success: { 200: { description: 'The page', mediaTypes: ['text/html'] } },
    handle: (ctx) => openPlaybackPage(ctx),
    respond: (page): Reply => page,
  }),
];
