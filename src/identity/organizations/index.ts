export { planChange } from './change-plan.ts';
export { buildOrganization } from './create-organization.ts';
export {
  deleteErasable,
  holdOrganizationsOf,
  insertOrganization,
  keepRecordingsInBuckets,
  type Organization,
  restoreOrganization,
  selectDeletedOrganization,
} from './organizations.queries.ts';
export { presentOrganization } from './organizations.present.ts';
export {
  organizationExample,
  organizationParamsSchema,
  organizationSchema,
} from './organizations.schemas.ts';
export { createSlug } from './organizations.rules.ts';
export { organizationErrors } from './organizations.errors.ts';
export { requireOwnOrganization } from './read-organizations.ts';
export * from './organizations.events.ts';
