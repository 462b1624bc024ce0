export { type ClientIdentity, clientOf, describeClient, type Grant, GrantEnded } from './grant.ts';
export { beginConsent, completeConsent, refreshGrant } from './obtain-grant.ts';
export { revokeGrant } from './revoke-grant.ts';
