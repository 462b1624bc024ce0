import { defineErrors } from '../../kernel/core/index.ts';

export const phoneCallErrors = defineErrors('phone_calls', {
  notFound: { status: 404, title: 'The telephone call was not found' },
  noCall: { status: 409, title: 'The room has no active call' },
  needsConsent: { status: 409, title: 'People on the telephone cannot agree to recordings of this room' },
  trunkDisabled: { status: 409, title: 'The trunk is switched off' },
  phoneNumberDisabled: { status: 409, title: 'The phone number is switched off' },
  numberNotAllowed: { status: 409, title: 'The trunk does not allow this number' },
  unknownCallerNumber: { status: 409, title: 'The trunk does not have this caller number' },
  keptOut: { status: 409, title: 'A moderator removed this number from the room' },
  notTransferable: {
    status: 409,
    title: 'Only an answered telephone call can be transferred, and only once',
  },
  alreadyCalled: { status: 409, title: 'The number is being called, or is in the call' },
  tooManyTransfers: { status: 409, title: 'The telephone call cannot be transferred any more' },
});
