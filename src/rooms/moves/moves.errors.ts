import { defineErrors } from '../../kernel/core/index.ts';

export const moveErrors = defineErrors('moves', {
  notFound: { status: 404, title: 'Nobody has moved the caller to this room, or it was too long ago' },
  sameRoom: { status: 409, title: 'The participant is in this room already' },
  keptOut: { status: 409, title: 'The participant was removed from the room they are to be moved to' },
});
