import { defineErrors } from '../../kernel/core/index.ts';

/** Why a join request is refused. */
export const admissionErrors = defineErrors('rooms', {
  ended: { status: 409, title: 'The room has ended' },
  locked: { status: 409, title: 'The room is locked', retryAfterSeconds: 30 },
  full: { status: 409, title: 'The room is full', retryAfterSeconds: 30 },
  identityTaken: { status: 409, title: 'The identity belongs to another API key' },
  seatsUnclaimed: {
    status: 409,
    title: 'Too many people from this network or link have not connected yet',
    retryAfterSeconds: 5,
  },
  recordingConsentRequired: {
    status: 409,
    title: 'The call is recorded, and you have not agreed to that',
  },
  roleNotAllowed: { status: 403, title: 'You cannot have this role in the room' },
});
