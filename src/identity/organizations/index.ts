export { buildOrganization } from './create-organization.ts';
export { insertOrganization, selectDeletedOrganization } from './organizations.queries.ts';
export { createSlug } from './organizations.rules.ts';
export { organizationErrors } from './organizations.errors.ts';
export { requireOwnOrganization } from './read-organizations.ts';
export * from './organizations.events.ts';
