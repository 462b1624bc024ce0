import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { recordingChanged } from '../recordings/index.ts';
import { mailFailure } from './mail-failure.ts';
import { showRecording } from './show-recording.ts';

export const recordingNoticeSubscriptions: readonly Subscription[] = [
  subscribe(recordingChanged, 'recording-notices.show', showRecording, { prompt: true }),
  subscribe(recordingChanged, 'recording-notices.mail-failure', mailFailure),
];
