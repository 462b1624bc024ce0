import { defineErrors } from '../../kernel/core/index.ts';

export const transcriptErrors = defineErrors('transcripts', {
  notFound: { status: 404, title: 'The transcription was not found' },
  segmentNotFound: { status: 404, title: 'The segment was not found' },
  notConfigured: { status: 409, title: 'No speech service is configured' },
  noKey: { status: 422, title: 'The organization has no key of its own for the provider of the model' },
  notScanned: { status: 409, title: 'Only scanned and clean files can be transcribed' },
  notSound: { status: 409, title: 'Only sound and videos can be transcribed' },
  alreadyRunning: { status: 409, title: 'The file or recording is already being transcribed' },
  tooMany: { status: 409, title: 'Too many transcriptions are running' },
  notReady: { status: 409, title: 'The transcription is not ready' },
});
