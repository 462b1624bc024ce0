export {
  type Call,
  callIsOpen,
  type CallParticipant,
  findOpenCall,
  findParticipant,
  insertCall,
  lockCall,
  seatsTaken,
  upsertParticipant,
} from './seats.queries.ts';
