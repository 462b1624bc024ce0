export { breakoutVerbs } from './breakouts.frames.ts';
export { breakoutJobs } from './breakouts.jobs.ts';
export { breakoutRoutes } from './breakouts.routes.ts';
export { recallDue } from './follow-breakouts.ts';
