export { invitationRoutes } from './invitations.routes.ts';
export * from './invitations.events.ts';
