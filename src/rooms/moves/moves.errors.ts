import { defineErrors } from '../../kernel/core/index.ts';

export const moveErrors = defineErrors('moves', {
  notFound: { status: 404, title: 'You were not moved to this room, or the move has expired' },
  sameRoom: { status: 409, title: 'The participant is already in this room' },
  onTelephone: { status: 409, title: 'A person on the telephone cannot be moved' },
  keptOut: { status: 409, title: 'The participant was removed from the destination room' },
});
