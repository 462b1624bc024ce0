import { defineErrors } from '../../kernel/core/index.ts';

export const agentErrors = defineErrors('agents', {
  notFound: { status: 404, title: 'The agent was not found' },
  versionNotFound: { status: 404, title: 'The agent has no such version' },
  tooMany: { status: 409, title: 'The organization has reached its limit of agents' },
  tooManyVersions: { status: 409, title: 'The agent has reached its limit of versions' },
  switchedOff: { status: 409, title: 'The agent is switched off' },
});
