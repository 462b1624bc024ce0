import { defineErrors } from '../../kernel/core/index.ts';

export const callAgentErrors = defineErrors('call_agents', {
  notFound: { status: 404, title: 'The agent is not in the call' },
  noCall: { status: 409, title: 'The room has no active call' },
  needsConsent: { status: 409, title: 'Agents cannot join rooms whose recordings need consent' },
  tooMany: { status: 409, title: 'The organization has reached its limit of agents in calls' },
  notConfigured: { status: 503, title: 'No process for agents in calls is configured' },
  badSecret: { status: 401, title: 'The secret of the process is missing or wrong' },
  notHeld: { status: 409, title: 'The process no longer has this agent' },
});
