import { defineErrors } from '../../kernel/core/index.ts';

export const ringErrors = defineErrors('ringing', {
  notFound: { status: 404, title: 'The ring was not found' },
  personNotFound: { status: 404, title: 'The member was not found' },
  notReachable: { status: 422, title: 'The contact has no account and cannot be rung' },
  self: { status: 422, title: 'You cannot ring yourself' },
  roomEnded: { status: 409, title: 'The room has ended' },
  keptOut: { status: 403, title: 'You were removed from this room and cannot ring others into it' },
  calleeRemoved: { status: 409, title: 'This user was removed from the room and cannot be rung into it' },
  crossed: { status: 409, title: 'This user is already ringing you' },
  alreadyRinging: { status: 409, title: 'You are already ringing this user' },
  tooMany: { status: 429, title: 'You have rung this user too often', retryAfterSeconds: 60 },
  over: { status: 409, title: 'The ring is over' },
  notYours: { status: 403, title: 'Only the callee can answer and only the caller can cancel' },
});
