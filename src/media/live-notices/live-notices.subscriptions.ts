import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { recordingChanged } from '../recordings/index.ts';
import { streamChanged } from '../streams/index.ts';
import { showRecording } from './show-recording.ts';
import { showStream } from './show-stream.ts';

/** Their names are those of the modules in which they began: a name is the identity of deliveries. */
export const liveNoticeSubscriptions: readonly Subscription[] = [
  subscribe(recordingChanged, 'recording-notices.show', showRecording, { prompt: true }),
  subscribe(streamChanged, 'stream-notices.show', showStream, { prompt: true }),
];
