import { defineErrors } from '../../kernel/core/index.ts';

export const workflowErrors = defineErrors('meeting_workflows', {
  notFound: { status: 404, title: 'The workflow was not found' },
  tooMany: { status: 409, title: 'The organization has reached its limit of workflows' },
  roomsNotFound: { status: 409, title: 'A room of the workflow was not found' },
});
