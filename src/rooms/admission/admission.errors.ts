import { defineErrors } from '../../kernel/core/index.ts';

/** Why the door of a room stays shut; the codes are the room's own. */
export const admissionErrors = defineErrors('rooms', {
  ended: { status: 409, title: 'The room was ended' },
  locked: { status: 409, title: 'The room is locked', retryAfterSeconds: 30 },
  full: { status: 409, title: 'Every seat of the room is taken', retryAfterSeconds: 30 },
  roleNotAllowed: { status: 403, title: 'The caller may not have this role in the room' },
});
