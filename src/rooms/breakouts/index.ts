export { breakoutFrames } from './breakouts.frames.ts';
export { breakoutSubscriptions } from './breakouts.events.ts';
export { breakoutRoutes } from './breakouts.routes.ts';
export { recallDueBreakouts } from './sync-breakouts.ts';
