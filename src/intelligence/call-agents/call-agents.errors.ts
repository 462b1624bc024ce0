import { defineErrors } from '../../kernel/core/index.ts';

export const callAgentErrors = defineErrors('call_agents', {
  notFound: { status: 404, title: 'The agent is not in the call' },
  noCall: { status: 409, title: 'The room has no active call' },
  needsConsent: { status: 409, title: 'Recordings in this room need consent, and so does an agent' },
  tooMany: { status: 409, title: 'The organization has as many agents in calls as it can' },
  notConfigured: { status: 503, title: 'No process for agents in calls is configured' },
  badSecret: { status: 401, title: 'The secret of the process is missing or wrong' },
  notHeld: { status: 409, title: 'The process does not have this agent any more' },
});
