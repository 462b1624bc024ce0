import { defineErrors } from '../../kernel/core/index.ts';

export const moderationErrors = defineErrors('moderation', {
  notHost: { status: 403, title: 'Only a host can act on a host or make somebody a host' },
  administrator: {
    status: 403,
    title: 'Only an administrator of the organization can remove or demote another one',
  },
  participantNotFound: { status: 404, title: 'The participant was not found' },
  trackNotFound: { status: 404, title: 'The track was not found' },
  noCall: { status: 409, title: 'The room has no open call' },
  roleFixed: { status: 409, title: 'Agents and observers cannot change their role' },
});
