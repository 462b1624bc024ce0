import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { recordingChanged } from '../../media/recordings/index.ts';
import { eraseTranscripts } from './change-transcription.ts';

export const transcriptSubscriptions: readonly Subscription[] = [
  subscribe(recordingChanged, 'transcripts.erase', eraseTranscripts),
];
