import { defineErrors } from '../../kernel/core/index.ts';

export const teamRunErrors = defineErrors('team_runs', {
  notFound: { status: 404, title: 'The run was not found' },
  memberGone: {
    status: 409,
    title: 'An agent of the team is deleted, switched off, or not visible to the caller',
  },
  tooManyRunning: { status: 409, title: 'The caller has reached the limit of running runs' },
  tooMany: { status: 409, title: 'The caller has reached the limit of runs' },
  over: { status: 409, title: 'The run has ended' },
  running: { status: 409, title: 'The run has not ended yet' },
});
