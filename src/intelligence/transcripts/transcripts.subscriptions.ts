import { userErased } from '../../identity/account-deletion/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { recordingChanged } from '../../media/recordings/index.ts';
import { eraseTranscripts } from './change-transcription.ts';
import { forgetPerson } from './forget-person.ts';

export const transcriptSubscriptions: readonly Subscription[] = [
  subscribe(recordingChanged, 'transcripts.erase', eraseTranscripts),
  subscribe(userErased, 'transcripts.forget-person', forgetPerson),
];
