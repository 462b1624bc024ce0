import { callStarted, participantJoined } from '../../calls/calls/index.ts';
import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { assignmentRoutes } from './agent-assignments.routes.ts';
import { joinCallOfRoom, joinGuestOfLink } from './join-assigned.ts';

export const agentAssignmentsModule = defineModule({
  name: 'intelligence/agent-assignments',
  routes: assignmentRoutes,
  subscriptions: [
    subscribe(callStarted, 'agent_assignments.join-call', joinCallOfRoom),
    subscribe(participantJoined, 'agent_assignments.join-guest', joinGuestOfLink),
  ],
  retention: {
    agent_assignments: {
      rule: 'cascade',
      how: 'with its room, its link, its agent, and the account of the person who assigned it',
    },
  },
});
