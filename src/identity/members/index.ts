export { memberErrors } from './members.errors.ts';
export * from './members.events.ts';
export {
  deleteMember,
  holdMembers,
  insertMember,
  type Member,
  selectActiveMemberships,
  selectMemberByEmail,
  selectMembership,
  selectMembershipsOfUser,
} from './members.queries.ts';
export {
  type ActiveMembership,
  auditedOrganization,
  authorityOf,
  chooseMembership,
  requireRoleWithinAuthority,
} from './members.rules.ts';
