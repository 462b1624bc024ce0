export { entitlementsChanged } from './entitlement-grants.events.ts';
export { presentGrant } from './entitlement-grants.present.ts';
export { selectOpenGrants } from './entitlement-grants.queries.ts';
export { grantExample, grantSchema } from './entitlement-grants.schemas.ts';
