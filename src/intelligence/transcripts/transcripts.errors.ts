import { defineErrors } from '../../kernel/core/index.ts';

export const transcriptErrors = defineErrors('transcripts', {
  notFound: { status: 404, title: 'The transcription was not found' },
  segmentNotFound: { status: 404, title: 'The segment was not found' },
  notConfigured: { status: 409, title: 'No speech service is configured' },
  noKey: { status: 422, title: 'The organization has no key of its own for the provider of the model' },
  notScanned: { status: 409, title: 'Only files that were scanned and are clean are transcribed' },
  notSound: { status: 409, title: 'Only sound and videos are transcribed' },
  alreadyRunning: { status: 409, title: 'It is being transcribed already' },
  tooMany: { status: 409, title: 'Too many transcriptions are running' },
  notReady: { status: 409, title: 'The transcription is not ready' },
});
