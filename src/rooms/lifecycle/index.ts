export { endCallOfDeletedRoom } from './end-call-of-deleted-room.ts';
export { lifecycleFrames } from './lifecycle.frames.ts';
export { lifecycleRoutes } from './lifecycle.routes.ts';
export { callCommand, roomCommands, roomEndedCommand } from './live-commands.rules.ts';
export { warnEndingCalls } from './warn-ending-calls.ts';
