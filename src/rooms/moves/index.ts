export {
  MOVE_EXPIRY_SECONDS,
  type MoveWithSwitches,
  buildTicketClaims,
  type PersonToMove,
} from './moves.rules.ts';
export {
  applyMoves,
  buildMoveChanges,
  type MoveBatch,
  buildBatchCommands,
  createMoveBatch,
} from './apply-moves.ts';
export { moveErrors } from './moves.errors.ts';
export { sweepMoves } from './sweep-moves.ts';
export * from './moves.events.ts';
