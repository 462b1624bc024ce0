export { announcePresence } from './announce.ts';
export { announcingCalls, presenceJobs } from './presence.jobs.ts';
export { findInCalls, findSaid } from './presence.queries.ts';
export { presenceRoutes } from './presence.routes.ts';
export { maySee, type Said, saidAt } from './presence.rules.ts';
export { followPresence } from './read-presence.ts';
export { setPresence } from './set-presence.ts';
