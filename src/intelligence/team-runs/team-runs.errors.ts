import { defineErrors } from '../../kernel/core/index.ts';

export const teamRunErrors = defineErrors('team_runs', {
  notFound: { status: 404, title: 'The run was not found' },
  memberGone: {
    status: 409,
    title: 'An agent of the team is deleted, switched off, or does not show to the caller',
  },
  tooManyRunning: { status: 409, title: 'As many runs of the caller are running as can' },
  tooMany: { status: 409, title: 'The caller has as many runs as they can' },
  over: { status: 409, title: 'The run has ended' },
  running: { status: 409, title: 'The run has not ended' },
});
