export { breakoutFrames } from './breakouts.frames.ts';
export { breakoutRoutes } from './breakouts.routes.ts';
export { recallDueBreakouts } from './sync-breakouts.ts';
export * from './breakouts.events.ts';
