export { type CallLimits, endsAtMs } from './call-limits.rules.ts';
export { PARTICIPANT_KINDS, UNCOUNTED_ROLES } from './calls.enums.ts';
export { prepareCallEnd } from './prepare-call-end.ts';
export { addEvidence, type Ledger, assembleLedgers } from './add-evidence.ts';
export type { Call, CallParticipant } from './ledger-rows.rules.ts';
export { markCallsSwept, selectLedgers, type SweptCall } from './ledger.queries.ts';
export {
  updateSeatRole,
  selectCall,
  selectOpenCall,
  hasBeenInRoom,
  hostCame,
  insertCall,
  type NewCall,
  releaseSeat,
  type Seat,
  seatsTakenByOthers,
  takeSeat,
  updateOpenCallLimits,
} from './seats.queries.ts';
export * from './calls.events.ts';
