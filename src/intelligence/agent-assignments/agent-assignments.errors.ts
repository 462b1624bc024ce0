import { defineErrors } from '../../kernel/core/index.ts';

export const assignmentErrors = defineErrors('agent_assignments', {
  notFound: { status: 404, title: 'The agent is not assigned to the room' },
  exists: { status: 409, title: 'The agent is already assigned to the room or link' },
  tooMany: { status: 409, title: 'The room has reached its limit of assigned agents' },
  cameAlready: { status: 409, title: 'The agent was already in this call' },
});
