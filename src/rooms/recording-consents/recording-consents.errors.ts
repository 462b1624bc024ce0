import { defineErrors } from '../../kernel/core/index.ts';

export const recordingConsentErrors = defineErrors('recording_consents', {
  notAsked: { status: 409, title: 'No recording asks for consent' },
  notInCall: { status: 409, title: 'You are not in the call' },
});
