import type { PhoneNumberView } from './phone-numbers.schemas.ts';
import type { PhoneNumber } from './phone-numbers.tables.ts';

/** A number as the API shows it, without its password. */
export const presentPhoneNumber = (row: PhoneNumber): PhoneNumberView => ({
  id: row.id,
  name: row.name,
  number: row.number,
  enabled: row.enabled,
  allowedNetworks: row.allowedNetworks,
  transferPrefixes: row.transferPrefixes,
  username: row.username,
  cluster: row.cluster,
  state: row.state,
  reason: row.reason,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
