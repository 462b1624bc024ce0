export { linkJobs } from './links.jobs.ts';
export { linkRoutes } from './links.routes.ts';
export { type Opening, openLink } from './validate-link.ts';
