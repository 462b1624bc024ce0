export { callJobs } from './calls.jobs.ts';
export { SEATLESS_ROLES } from './calls.words.ts';
export { closing } from './close-call.ts';
export { addEvidence, type Ledger, ledgersOf } from './keep-ledger.ts';
export type { Call, CallParticipant } from './ledger-rows.rules.ts';
export { markSwept, readLedgers, type SweptCall } from './ledger.queries.ts';
export {
  changeSeatRole,
  findOpenCall,
  hadPlace,
  insertCall,
  type NewCall,
  type Seat,
  takeSeat,
} from './seats.queries.ts';
