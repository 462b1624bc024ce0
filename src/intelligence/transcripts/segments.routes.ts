import { pageQuerySchema, requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { correctSegment, listCorrections } from './change-transcription.ts';
import { listSegments } from './read-transcriptions.ts';
import {
  correctionExample,
  correctionPageSchema,
  correctSegmentSchema,
  segmentExample,
  segmentPageSchema,
  segmentSchema,
} from './segments.schemas.ts';
import { roundTrips } from './transcripts.routes.ts';
import { transcriptErrors } from './transcripts.errors.ts';
import { presentCorrection, presentSegment } from './transcripts.present.ts';
import { segmentsQuerySchema, transcriptionParamsSchema } from './transcripts.schemas.ts';

const tag = 'Transcripts';
const path = '/api/v1/ai/transcriptions/{transcriptionId}';

export const segmentRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: `${path}/segments`,
    operationId: 'listTranscriptSegments',
    tag,
    summary: 'List transcript segments',
    description:
      'Lists the segments of a transcript in the order of time, with the words as the model ' +
      'recognized them. `q` selects segments that contain it. While a transcription runs, the list has the ' +
      'segments so far.',
    access: { kind: 'permission', permission: 'transcripts:read' },
    limit: 'api',
    params: transcriptionParamsSchema,
    query: segmentsQuerySchema,
    success: {
      200: {
        description: 'A page of segments',
        schema: segmentPageSchema,
        example: { data: [segmentExample], nextCursor: null },
      },
    },
    errors: [transcriptErrors.notFound],
    roundTrips: roundTrips(3),
    handle: (ctx, { params, query }) => listSegments(ctx, params.transcriptionId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentSegment), nextCursor }),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/corrections`,
    operationId: 'correctTranscriptSegment',
    tag,
    summary: 'Correct a transcript segment',
    description:
      'Replaces the text of a segment. The earlier text is kept, with its author. The user or API key ' +
      'that asked for the transcription can do this, those who may change its file, and moderators of ' +
      'the room of its recording.',
    access: { kind: 'permission', permission: 'transcripts:write' },
    limit: 'api',
    params: transcriptionParamsSchema,
    body: {
      schema: correctSegmentSchema,
      example: { position: segmentExample.position, text: segmentExample.text },
    },
    idempotent: true,
    success: { 200: { description: 'The segment', schema: segmentSchema, example: segmentExample } },
    errors: [transcriptErrors.notFound, transcriptErrors.segmentNotFound, requestErrors.stale],
    roundTrips: roundTrips(4),
    handle: (ctx, { params, body }) => correctSegment(ctx, params.transcriptionId, body),
    respond: (segment) => ok(presentSegment(segment)),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/corrections`,
    operationId: 'listTranscriptCorrections',
    tag,
    summary: 'List transcript corrections',
    description: 'Lists the texts of segments before each correction, the newest first.',
    access: { kind: 'permission', permission: 'transcripts:read' },
    limit: 'api',
    params: transcriptionParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of corrections',
        schema: correctionPageSchema,
        example: { data: [correctionExample], nextCursor: null },
      },
    },
    errors: [transcriptErrors.notFound],
    roundTrips: roundTrips(3),
    handle: (ctx, { params, query }) => listCorrections(ctx, params.transcriptionId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentCorrection), nextCursor }),
  }),
];
