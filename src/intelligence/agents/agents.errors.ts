import { defineErrors } from '../../kernel/core/index.ts';

export const agentErrors = defineErrors('agents', {
  notFound: { status: 404, title: 'The agent was not found' },
  versionNotFound: { status: 404, title: 'The agent has no such version' },
  tooMany: { status: 409, title: 'The organization has as many agents as it can' },
  tooManyVersions: { status: 409, title: 'The agent has as many versions as it can' },
  switchedOff: { status: 409, title: 'The agent is switched off' },
});
