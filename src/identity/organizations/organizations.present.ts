import type { Organization } from './organizations.queries.ts';
import type { OrganizationView } from './organizations.schemas.ts';

/** An organization as the API shows it. Field by field: a new column stays private until it is listed here. */
export function presentOrganization({
  id,
  name,
  slug,
  plan,
  settings,
  limits,
  metadata,
  createdAt,
  updatedAt,
}: Organization): OrganizationView {
  return {
    id,
    name,
    slug,
    plan,
    settings: {
      timeZone: 'UTC',
      compressFiles: false,
      compressRecordings: false,
      recordingStorage: 'product',
      automaticRecording: 'off',
      ...settings,
    },
    limits,
    metadata,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
