export { callEvents } from './calls.jobs.ts';
export { UNCOUNTED_ROLES } from './calls.words.ts';
export { prepareCallEnd } from './close-call.ts';
export { addEvidence, type Ledger, assembleLedgers } from './keep-ledger.ts';
export type { Call, CallParticipant } from './ledger-rows.rules.ts';
export { markCallsSwept, selectLedgers, type SweptCall } from './ledger.queries.ts';
export {
  updateSeatRole,
  selectOpenCall,
  hasBeenInRoom,
  insertCall,
  type NewCall,
  type Seat,
  takeSeat,
} from './seats.queries.ts';
