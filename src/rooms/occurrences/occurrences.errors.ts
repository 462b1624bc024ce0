import { defineErrors } from '../../kernel/core/index.ts';

export const occurrenceErrors = defineErrors('occurrences', {
  notFound: { status: 404, title: 'The schedule has no occurrence that starts at this moment' },
  notRecurring: { status: 409, title: 'The room has no recurring schedule; update the room instead' },
  tooManyChanges: { status: 409, title: 'The schedule has 100 changed occurrences; undo one first' },
});
