export { lifecycleFrames } from './lifecycle.frames.ts';
export { closingSubscriptions } from './closing.events.ts';
export { lifecycleRoutes } from './lifecycle.routes.ts';
export { roomEndedCommand } from './lifecycle.rules.ts';
export { syncRoomDeletion, syncRoomEnd } from './sync-room.ts';
export { warnEndingCalls } from './warn-ending-calls.ts';
