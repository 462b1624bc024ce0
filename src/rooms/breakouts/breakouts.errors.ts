import { defineErrors } from '../../kernel/core/index.ts';

export const breakoutErrors = defineErrors('breakouts', {
  notFound: { status: 404, title: 'The breakout rooms were not found' },
  alreadyOpen: { status: 409, title: 'The room already has open breakout rooms' },
  nested: { status: 409, title: 'A breakout room cannot be divided further' },
  closed: { status: 409, title: 'The breakout rooms are closed' },
  notSelfChosen: { status: 409, title: 'Moderators assign the breakout rooms' },
  unknownPeople: { status: 422, title: 'Some of the named people are not in the call' },
});
