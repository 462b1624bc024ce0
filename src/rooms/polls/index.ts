export { pollFrames } from './polls.frames.ts';
export { pollRoutes } from './polls.routes.ts';
export * from './polls.events.ts';
