export { insertIncomingCall, selectOpenOfCaller } from './open-phone-calls.queries.ts';
export { changeEventOf, recordsOfMove } from './phone-call-records.ts';
export { hangUpAnsweredIn } from './advance-phone-call.ts';
export type { PhoneCallReason, TransferState } from './phone-calls.enums.ts';
export { phoneCallChanged } from './phone-calls.events.ts';
export { phoneCallErrors } from './phone-calls.errors.ts';
export { presentPhoneCall } from './phone-calls.present.ts';
export {
  changePhoneCall,
  holdHourly,
  holdPhoneMinutes,
  hourlyPhoneCalls,
  runningPhoneCalls,
  selectPhoneCall,
} from './phone-calls.queries.ts';
export { errorsOfPhoneCall, phoneCallAccess, phoneCallSuccess } from './phone-calls.routes.ts';
export {
  identityOf,
  isCallerIdentity,
  maskNumber,
  moveTo,
  NOT_TRANSFERRED,
  type PhoneCallChange,
  prefixOf,
} from './phone-calls.rules.ts';
export { phoneCallParamsSchema } from './phone-calls.schemas.ts';
export type { PhoneCall } from './phone-calls.tables.ts';
