import { encodeBase32, isTimeZone } from '../../kernel/core/index.ts';
import type { OrganizationSettings } from './organizations.tables.ts';

export const DEFAULT_SETTINGS: OrganizationSettings = {
  allowedEmailDomains: [],
  invitationDays: 7,
  timeZone: 'UTC',
};

/** Organizations that a user has created and that are not deleted; it includes the one of the sign-up. */
export const MAX_CREATED_ORGANIZATIONS = 20;

/** Slugs that could be taken for parts of the product, for its operators or for an address of every domain. */
const RESERVED_SLUGS: ReadonlySet<string> = new Set(
  `about abuse account accounts admin administrator api app apps assets auralink auth billing blog calls cdn contact dashboard
  demo dev docs download email events help health hostmaster images internal invite invitations join legal livekit login
  logout mail me media metrics new noc null official ops operator organization organizations owner payments postmaster
  pricing privacy public register rooms root search security settings signin signout signup sso staff static status
  support system team teams terms test undefined user users webmaster webhooks well-known www`.split(/\s+/),
);

export const isReservedSlug = (slug: string): boolean => RESERVED_SLUGS.has(slug);

/** Names of older lists that JavaScript still takes, and the database does not know. */
const FOREIGN_TIME_ZONE = /^(?:SystemV\/.*|US\/Pacific-New|Canada\/East-Saskatchewan)$/i;

/**
 * Whether JavaScript and the database take the name for the same time zone. Short ones, such as `PLT` or `BST`, are another one to the
 * database, or none: names are an area and a place, or UTC.
 */
export const isSharedTimeZone = (name: string): boolean =>
  /^utc$/i.test(name) || (name.includes('/') && !FOREIGN_TIME_ZONE.test(name) && isTimeZone(name));

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
