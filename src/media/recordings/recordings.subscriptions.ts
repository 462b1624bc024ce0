import { recordingReported } from '../../calls/sync/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { advanceRecording } from './advance-recording.ts';
import { recordingChanged } from './recordings.events.ts';
import { followReports } from './sweep-recordings.ts';

export const recordingSubscriptions: readonly Subscription[] = [
  subscribe(recordingChanged, 'recordings.advance', async (ctx, { recordingId }) => {
    await advanceRecording(ctx, recordingId);
  }),
  subscribe(recordingReported, 'recordings.follow', followReports),
];
