export { callAgentErrors } from './call-agents.errors.ts';
export { actorOfMember } from './inviters.ts';
export { inviteAgent } from './invite-agent.ts';
