import { encodeBase32 } from '../../kernel/core/index.ts';
import type { OrganizationSettings } from './organizations.tables.ts';

export const DEFAULT_SETTINGS: OrganizationSettings = { allowedEmailDomains: [], invitationDays: 7 };

const MAX_SLUG_STEM = 80;

/** A slug from a name, unique through random bytes: for an organization that is created without one. */
export function createSlug(name: string, random: Uint8Array): string {
  const stem = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, MAX_SLUG_STEM)
    .replace(/-$/, '');
  const tail = encodeBase32(random).replace(/^0+/, '');
  return stem ? `${stem}-${tail}` : `team-${tail}`;
}
