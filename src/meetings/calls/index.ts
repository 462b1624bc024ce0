export { callJobs } from './calls.jobs.ts';
export { SEATLESS_ROLES } from './calls.words.ts';
export { closing } from './close-call.ts';
export { addEvidence, type Ledger, ledgersOf } from './keep-ledger.ts';
export { type Call, type CallParticipant, markSwept, readLedgers } from './ledger.queries.ts';
export {
  findOpenCall,
  findParticipant,
  insertCall,
  holdOpenCall,
  type NewCall,
  type Seat,
  seatsTaken,
  upsertParticipant,
} from './seats.queries.ts';
