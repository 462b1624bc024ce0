export { deleteAcceptedInvitations, revokeInvitationsOfUser } from './invitations.queries.ts';
