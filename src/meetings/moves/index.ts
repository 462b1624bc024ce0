export { moveVerbs } from './moves.frames.ts';
export { moveJobs } from './moves.jobs.ts';
export { moveRoutes } from './moves.routes.ts';
export { MOVE_SECONDS, type MoveOf, roleThere, ticketFor, type Traveller } from './moves.rules.ts';
export { depart, departing, type Journey, journeyCommands, journeyOf } from './send-people.ts';
export { sweepMoves } from './sweep-moves.ts';
