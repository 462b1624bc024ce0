export { matchesPassword } from './link-password.ts';
export { linkErrors } from './links.errors.ts';
export { linkJobs } from './links.jobs.ts';
export { countVisit, findByCode, useLink } from './links.queries.ts';
export { linkRoutes } from './links.routes.ts';
export { type Link, normalCode, requireGood, roleByLink } from './links.rules.ts';
export { LINK_ACCESS, LINK_TYPES } from './links.tables.ts';
export { sweepVisitors } from './sweep-visitors.ts';
