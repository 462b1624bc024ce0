export { contactErrors } from './contacts.errors.ts';
export { contactJobs } from './contacts.jobs.ts';
export { findMemberCalled } from './contacts.queries.ts';
export { contactRoutes } from './contacts.routes.ts';
export { requirePerson } from './contacts.rules.ts';
