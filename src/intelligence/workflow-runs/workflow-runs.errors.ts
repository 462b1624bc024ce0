import { defineErrors } from '../../kernel/core/index.ts';

export const runErrors = defineErrors('workflow_runs', {
  notFound: { status: 404, title: 'The run was not found' },
  running: { status: 409, title: 'The run is not over' },
  notRunning: { status: 409, title: 'The run is over' },
  nothingToRepeat: { status: 409, title: 'The run has no such step to repeat' },
  noDraft: { status: 409, title: 'The run has no mail waiting to be sent' },
  outdated: { status: 409, title: 'The transcript was corrected since the mail was drafted' },
});
