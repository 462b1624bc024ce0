export { intakeJobs } from './intake.jobs.ts';
export { deleteEvents, forgottenCalls } from './intake.queries.ts';
export { intakeRoutes } from './intake.routes.ts';
export { isOurs, reported } from './intake.rules.ts';
export { readEvent, toldBy } from './read-event.ts';
