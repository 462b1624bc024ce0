import { defineErrors } from '../../kernel/core/index.ts';

export const breakoutErrors = defineErrors('breakouts', {
  notFound: { status: 404, title: 'There are no such breakout rooms' },
  alreadyOpen: { status: 409, title: 'The room is divided already' },
  nested: { status: 409, title: 'A breakout room cannot be divided further' },
  closed: { status: 409, title: 'Everybody was sent back already' },
  notSelfChosen: { status: 409, title: 'People do not choose their group themselves' },
  unknownPeople: { status: 422, title: 'Somebody named is not in the call' },
});
