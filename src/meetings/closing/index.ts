export { lifecycleFrames } from './closing.frames.ts';
export { closingSubscribers } from './closing.jobs.ts';
export { lifecycleRoutes } from './closing.routes.ts';
export { roomEndedCommand } from './closing.rules.ts';
export { syncRoomDeletion, syncRoomEnd } from './follow-room.ts';
export { warnEndingCalls } from './warn-ending.ts';
