export { pollFrames } from './polls.frames.ts';
export { pollSubscriptions } from './polls.events.ts';
export { pollRoutes } from './polls.routes.ts';
