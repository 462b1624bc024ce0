export { moveFrames } from './moves.frames.ts';
export { moveSubscribers } from './moves.jobs.ts';
export { moveRoutes } from './moves.routes.ts';
export {
  MOVE_EXPIRY_SECONDS,
  type MoveWithSwitches,
  resolveDestinationRole,
  buildTicketClaims,
  type PersonToMove,
} from './moves.rules.ts';
export {
  applyMoves,
  buildMoveChanges,
  type MoveBatch,
  buildBatchCommands,
  createMoveBatch,
} from './send-people.ts';
export { sweepMoves } from './sweep-moves.ts';
