export {
  createGuestTicketVerifier,
  GUEST_TICKET_PREFIX,
  issueGuestTicket,
  signGuestTicket,
} from './guest-tickets.ts';
export { readBearerToken } from './bearer-token.rules.ts';
export { createOperatorVerifier } from './verify-operator-token.ts';
export { mayGrant, permissionsOfRole, type Role, ROLE_PERMISSIONS, ROLES } from './roles.rules.ts';
export {
  type AccessTokenClaims,
  accessTokensExpiredAtMs,
  createAccessTokenVerifier,
  signAccessToken,
} from './access-tokens.ts';
