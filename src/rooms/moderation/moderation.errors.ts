import { defineErrors } from '../../kernel/core/index.ts';

export const moderationErrors = defineErrors('moderation', {
  notModerator: { status: 403, title: 'Only a host or moderator of the room may do this' },
  notHost: { status: 403, title: 'Only a host may do this with a host, or make one' },
  participantNotFound: { status: 404, title: 'There is no such participant in the room' },
  trackNotFound: { status: 404, title: 'The participant has no such track' },
  noCall: { status: 409, title: 'No call is going on in the room' },
  roleFixed: { status: 409, title: 'Agents and observers keep their role' },
});
