import { callEnded, participantLeft } from '../../calls/calls/index.ts';
import { recordingReported } from '../../calls/sync/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { enforceAdmissionToCall } from '../../rooms/admission/index.ts';
import { recordingConsentChanged } from '../../rooms/recording-consents/index.ts';
import { advanceRecording } from './advance-recording.ts';
import type { RecordingState } from './recordings.enums.ts';
import {
  recordingBegun,
  recordingChanged,
  recordingConsentDue,
  recordingFollowed,
} from './recordings.events.ts';
import { followConsent, followReports } from './follow-recordings.ts';

const advance = async (ctx: Ctx, { recordingId }: { recordingId: string }) => {
  await advanceRecording(ctx, recordingId);
};

/** Somebody may have come without consent at the moment at which it began: neither that commit nor theirs could see the other. */
const enforceConsent = async (ctx: Ctx, { callId, state }: { callId: string; state: RecordingState }) => {
  if (state === 'starting' || state === 'active') await enforceAdmissionToCall(ctx, callId);
};

export const recordingSubscriptions: readonly Subscription[] = [
  subscribe(recordingChanged, 'recordings.advance', advance),
  subscribe(recordingChanged, 'recordings.enforce-consent', enforceConsent),
  subscribe(recordingFollowed, 'recordings.look', advance),
  subscribe(recordingBegun, 'recordings.begin-again', advance),
  subscribe(recordingConsentDue, 'recordings.consent-due', advance),
  subscribe([recordingReported, callEnded], 'recordings.follow', followReports),
  subscribe([recordingConsentChanged, participantLeft], 'recordings.follow-consent', followConsent),
];
