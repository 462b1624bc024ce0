import { defineRoute, type Route } from '../../platform/http/index.ts';
import { readTranscript, transcriptErrors, transcriptionParamsSchema } from '../transcripts/index.ts';
import { FORMAT_TYPES, formatTranscript } from './formats.rules.ts';
import { exportQuerySchema } from './transcript-exports.schemas.ts';

export const transcriptExportRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/transcriptions/{transcriptionId}/export',
    operationId: 'exportTranscript',
    tag: 'Transcripts',
    summary: 'Export a transcript',
    description:
      'Returns all of a transcript, with its corrections, as subtitles, text or JSON. A transcription shows to those who may read its file, ' +
      'or moderate the room of its recording.',
    access: { kind: 'permission', permission: 'transcripts:read' },
    limit: 'api',
    params: transcriptionParamsSchema,
    query: exportQuerySchema,
    success: { 200: { description: 'The transcript.', mediaTypes: Object.values(FORMAT_TYPES) } },
    errors: [transcriptErrors.notFound, transcriptErrors.notReady],
    roundTrips: { max: 3, reason: 'a transcription says which file or recording must be open to the caller' },
    handle: async (ctx, { params, query: { format } }) => {
      const { transcription, segments } = await readTranscript(ctx, params.transcriptionId);
      return { format, content: formatTranscript(format, transcription, segments), id: transcription.id };
    },
    respond: ({ format, content, id }) => ({
      status: 200,
      raw: { content, type: `${FORMAT_TYPES[format]}; charset=utf-8` },
      headers: { 'Content-Disposition': `attachment; filename="${id}.${format}"` },
    }),
  }),
];
