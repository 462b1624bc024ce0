import type { PhoneTrunkView } from './phone-trunks.schemas.ts';
import type { PhoneTrunk } from './phone-trunks.tables.ts';

/** A trunk as the API shows it, without its password. */
export const presentPhoneTrunk = (row: PhoneTrunk): PhoneTrunkView => ({
  id: row.id,
  name: row.name,
  enabled: row.enabled,
  address: row.address,
  transport: row.transport,
  numbers: row.numbers,
  allowedPrefixes: row.allowedPrefixes,
  username: row.username,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
