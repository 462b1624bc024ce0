export { revokeInvitationsOfUser } from './invitations.queries.ts';
