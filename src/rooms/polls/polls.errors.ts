import { defineErrors } from '../../kernel/core/index.ts';

export const pollErrors = defineErrors('polls', {
  notFound: { status: 404, title: 'There is no such poll' },
  closed: { status: 409, title: 'The poll is closed' },
  alreadyVoted: { status: 409, title: 'The caller has voted, and votes of this poll do not change' },
  notVoter: { status: 403, title: 'Only who is or was in a call of the room may vote' },
  anonymous: { status: 409, title: 'Nobody is told who voted for what in an anonymous poll' },
});
