export { accessRoutes } from './access.routes.ts';
export { mayGrant, permissionsOfRole, type Role, ROLE_PERMISSIONS, ROLES } from './roles.ts';
export { type AccessClaims, createTokenVerifier, signAccessToken } from './tokens.ts';
