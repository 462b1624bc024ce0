import { callStarted, participantJoined } from '../../calls/calls/index.ts';
import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { assignmentRoutes } from './agent-assignments.routes.ts';
import { linkDeleted } from '../../rooms/links/index.ts';
import { joinCallOfRoom, joinGuestOfLink } from './join-assigned.ts';
import { unassignLink } from './manage-assignments.ts';

export const agentAssignmentsModule = defineModule({
  name: 'intelligence/agent-assignments',
  routes: assignmentRoutes,
  subscriptions: [
    subscribe(callStarted, 'agent_assignments.join-call', joinCallOfRoom),
    subscribe(participantJoined, 'agent_assignments.join-guest', joinGuestOfLink),
    subscribe(linkDeleted, 'agent_assignments.unassign-link', unassignLink),
  ],
  retention: {
    agent_assignments: {
      rule: 'cascade',
      how: 'with its room, its link, its agent, and the account of the person who assigned it',
    },
  },
});
