export { breakoutFrames } from './breakouts.frames.ts';
export { breakoutSubscribers } from './breakouts.jobs.ts';
export { breakoutRoutes } from './breakouts.routes.ts';
export { recallDueBreakouts } from './follow-breakouts.ts';
