export { pollVerbs } from './polls.frames.ts';
export { pollJobs } from './polls.jobs.ts';
export { pollRoutes } from './polls.routes.ts';
