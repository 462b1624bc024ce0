export { memberErrors } from './members.errors.ts';
export { memberEvents } from './members.events.ts';
export { selectMemberByEmail, selectMembership, insertMember, type Member } from './members.queries.ts';
export { memberRoutes } from './members.routes.ts';
export { authorityOf, requireRoleWithinAuthority } from './members.rules.ts';
