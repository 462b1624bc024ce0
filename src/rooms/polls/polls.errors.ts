import { defineErrors } from '../../kernel/core/index.ts';

export const pollErrors = defineErrors('polls', {
  notFound: { status: 404, title: 'The poll was not found' },
  closed: { status: 409, title: 'The poll is closed' },
  alreadyVoted: { status: 409, title: 'You have already voted, and votes in this poll cannot be changed' },
  notVoter: { status: 403, title: 'Only people who have been in a call of the room can vote' },
  roomEnded: { status: 409, title: 'The room has ended' },
  tooManyOpen: { status: 409, title: 'The room has 50 open polls; close or delete one first' },
  anonymous: { status: 409, title: 'The votes of an anonymous poll cannot be listed' },
});
