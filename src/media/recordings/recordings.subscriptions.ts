import { callEnded, participantLeft } from '../../calls/calls/index.ts';
import { recordingReported } from '../../calls/sync/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { recordingConsentChanged } from '../../rooms/recording-consents/index.ts';
import { advanceRecording } from './advance-recording.ts';
import {
  recordingBegun,
  recordingChanged,
  recordingConsentDue,
  recordingFollowed,
} from './recordings.events.ts';
import { followConsent, followReports } from './sweep-recordings.ts';

const advance = async (ctx: Ctx, { recordingId }: { recordingId: string }) => {
  await advanceRecording(ctx, recordingId);
};

export const recordingSubscriptions: readonly Subscription[] = [
  subscribe(recordingChanged, 'recordings.advance', advance),
  subscribe(recordingFollowed, 'recordings.look', advance),
  subscribe(recordingBegun, 'recordings.begin-again', advance),
  subscribe(recordingConsentDue, 'recordings.consent-due', advance),
  subscribe([recordingReported, callEnded], 'recordings.follow', followReports),
  subscribe([recordingConsentChanged, participantLeft], 'recordings.follow-consent', followConsent),
];
