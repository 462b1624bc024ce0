import { defineRoute, type Route } from '../../platform/http/index.ts';
import { transcriptErrors, transcriptionParamsSchema } from '../transcripts/index.ts';
import { exportTranscript } from './export-transcript.ts';
import { FORMAT_TYPES } from './formats.rules.ts';
import { exportQuerySchema } from './transcript-exports.schemas.ts';

export const transcriptExportRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/transcriptions/{transcriptionId}/export',
    operationId: 'exportTranscript',
    tag: 'Transcripts',
    summary: 'Export a transcript',
    description:
      'Returns a whole transcript, with its corrections and the known names of speakers, as ' +
      'subtitles, text or JSON. Those who may read the file, or moderate the room of the recording, ' +
      'can do this.',
    access: { kind: 'permission', permission: 'transcripts:read' },
    limit: 'api',
    params: transcriptionParamsSchema,
    query: exportQuerySchema,
    success: { 200: { description: 'The transcript.', mediaTypes: Object.values(FORMAT_TYPES) } },
    errors: [transcriptErrors.notFound, transcriptErrors.notReady],
    roundTrips: {
      max: 4,
      reason:
        'a transcription says which file or recording must be open to the caller; segments say who is named',
    },
    handle: (ctx, { params, query }) => exportTranscript(ctx, params.transcriptionId, query.format),
    respond: ({ format, content, id }) => ({
      status: 200,
      raw: { content, type: `${FORMAT_TYPES[format]}; charset=utf-8` },
      headers: { 'Content-Disposition': `attachment; filename="${id}.${format}"` },
    }),
  }),
];
