export { pollFrames } from './polls.frames.ts';
export { pollSubscribers } from './polls.jobs.ts';
export { pollRoutes } from './polls.routes.ts';
