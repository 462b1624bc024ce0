export { accessRoutes } from './access.routes.ts';
export { createGuestVerifier, GUEST_MARK, signGuestTicket } from './guests.ts';
export { createOperatorVerifier } from './operator.ts';
export { mayGrant, permissionsOfRole, type Role, ROLE_PERMISSIONS, ROLES } from './roles.ts';
export { type AccessClaims, createTokenVerifier, signAccessToken } from './tokens.ts';
