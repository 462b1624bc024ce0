import { z } from '@hono/zod-openapi';
import type { PhoneNumberReason } from './phone-numbers.enums.ts';
import type { PhoneNumber } from './phone-numbers.tables.ts';

export type PhoneNumberChange = Partial<PhoneNumber>;

/** The largest networks: those of providers are smaller. */
const LEAST_BITS = { v4: 16, v6: 32 };

const isIpv4 = (text: string) => z.ipv4().safeParse(text).success;
const isIpv6 = (text: string) => z.ipv6().safeParse(text).success;

/**
 * A network in CIDR notation, also for a single address: LiveKit compares an address without `/` with the host that the
 * caller claims, too. Null for an invalid or too large network.
 */
export function toNetwork(text: string): string | null {
  const [address = '', bits, ...rest] = text.split('/');
  if (rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return null;
  const family = isIpv4(address) ? 'v4' : isIpv6(address) ? 'v6' : null;
  if (family === null) return null;
  const most = family === 'v4' ? 32 : 128;
  const size = bits === undefined ? most : Number(bits);
  return size >= LEAST_BITS[family] && size <= most ? `${address.toLowerCase()}/${size}` : null;
}

/** What decides whether a number takes calls. */
export interface PhoneNumberGround {
  isOrganizationDeleted: boolean;
  /** By the plan. */
  isIncluded: boolean;
  isClusterThere: boolean;
}

/** Why a number must not be at its cluster; null while it may. */
export function absenceReasonOf(
  { enabled }: Pick<PhoneNumber, 'enabled'>,
  { isOrganizationDeleted, isIncluded, isClusterThere }: PhoneNumberGround,
): PhoneNumberReason | null {
  if (isOrganizationDeleted) return 'organization_deleted';
  if (!isIncluded) return 'not_included';
  if (!enabled) return 'disabled';
  return isClusterThere ? null : 'no_cluster';
}
