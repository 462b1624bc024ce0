export { trunkUrlOf } from './manage-phone-trunks.ts';
export { phoneTrunkErrors } from './phone-trunks.errors.ts';
export { phoneTrunkClosed } from './phone-trunks.events.ts';
export type { TrunkTransport } from './phone-trunks.enums.ts';
export { selectTrunk } from './phone-trunks.queries.ts';
export { credentialSchemas, phoneNumberSchema, prefixesSchema } from './phone-trunks.schemas.ts';
export type { PhoneTrunk } from './phone-trunks.tables.ts';
export { openCredentials } from './trunk-password.ts';
