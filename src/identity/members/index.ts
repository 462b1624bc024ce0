export { memberErrors } from './members.errors.ts';
export { memberJobs } from './members.jobs.ts';
export { findMemberByEmail, findMembership, insertMember, type Member } from './members.queries.ts';
export { memberRoutes } from './members.routes.ts';
export { authorityOf, requireCovers } from './members.rules.ts';
