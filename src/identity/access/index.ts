export { accessRoutes } from './access.routes.ts';
export { createGuestTicketVerifier, GUEST_TICKET_PREFIX, signGuestTicket } from './guests.ts';
export { createOperatorVerifier } from './operator.ts';
export { mayGrant, permissionsOfRole, type Role, ROLE_PERMISSIONS, ROLES } from './roles.ts';
export { type AccessTokenClaims, createAccessTokenVerifier, signAccessToken } from './tokens.ts';
