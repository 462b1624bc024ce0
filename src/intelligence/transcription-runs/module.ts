import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { transcriptionAdvanced, transcriptionRequested } from '../transcripts/index.ts';
import { advanceTranscription } from './advance-transcription.ts';
import { transcriptionMinutes } from './transcription-runs.meters.ts';
import { sweepTranscriptions } from './sweep-transcriptions.ts';

export const transcriptionRunsModule = defineModule({
  name: 'intelligence/transcription-runs',
  subscriptions: [
    subscribe(
      [transcriptionRequested, transcriptionAdvanced],
      'transcription-runs.advance',
      advanceTranscription,
      { timeLimitSeconds: 45 },
    ),
  ],
  meters: [transcriptionMinutes],
  schedules: [{ name: 'transcription.sweep', everyMinutes: 2, run: sweepTranscriptions }],
});
