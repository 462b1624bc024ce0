export { type ClientIdentity, describeClient, type Grant, GrantEnded } from './grant.ts';
export { beginConsent, completeConsent, refreshGrant } from './obtain-grant.ts';
