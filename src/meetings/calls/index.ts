export {
  type Call,
  callIsOpen,
  type CallParticipant,
  findOpenCall,
  findParticipant,
  insertCall,
  lockCall,
  type NewCall,
  type Seat,
  seatsTaken,
  upsertParticipant,
} from './seats.queries.ts';
export { SEATLESS_ROLES } from './calls.words.ts';
