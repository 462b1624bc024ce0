import { callStarted } from '../../calls/calls/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { startAutomaticRecording } from './start-automatic-recording.ts';

export const recordingRequestSubscriptions: readonly Subscription[] = [
  subscribe(callStarted, 'recording-requests.start-automatic', startAutomaticRecording),
];
