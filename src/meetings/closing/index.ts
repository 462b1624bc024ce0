export { closingVerbs } from './closing.frames.ts';
export { closingJobs } from './closing.jobs.ts';
export { closingRoutes } from './closing.routes.ts';
export { roomEndTold } from './closing.rules.ts';
export { followRoomDeletion, followRoomEnd } from './follow-room.ts';
export { warnEndingCalls } from './warn-ending.ts';
