import { defineErrors } from '../../kernel/core/index.ts';

export const assignmentErrors = defineErrors('agent_assignments', {
  notFound: { status: 404, title: 'The agent is not assigned to the room' },
  exists: { status: 409, title: 'The agent is assigned to the room or link already' },
  tooMany: { status: 409, title: 'The room has as many assigned agents as it can' },
  cameAlready: { status: 409, title: 'The agent has been in the call already' },
});
