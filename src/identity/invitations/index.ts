export { invitationSubscriptions } from './invitations.events.ts';
export { invitationRoutes } from './invitations.routes.ts';
