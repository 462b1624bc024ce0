import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { accessRequestOf } from '../access/index.ts';
import { answerConsent } from './answer-consent.ts';
import { answerConsentSchema } from './recording-consents.schemas.ts';

export const recordingConsentFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'recording.consent',
    summary: 'Agree to be recorded in this call, refuse to, or withdraw what you agreed to',
    fields: answerConsentSchema.shape,
    handle: (ctx, caller, input) => answerConsent(ctx, accessRequestOf(caller), input),
  }),
];
