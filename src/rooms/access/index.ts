export { accessErrors, moderatorErrors } from './access.errors.ts';
export {
  accessFactColumns,
  isPersonOf,
  selectMemberRole,
  selectModeratorIds,
  selectRoomAccess,
} from './access.queries.ts';
export {
  accessKeyOf,
  accessRequestOf,
  isAdministratorCaller,
  relationOf,
  requesterIdentity,
  requireAdmitted,
  requireManager,
  requireMember,
  requireModerator,
  requireVisible,
  type RoomAccess,
  roomAccessOf,
  type RoomAccessRequest,
  type RoomRelation,
} from './access.rules.ts';
export {
  allowedFeatures,
  type DisabledFeatures,
  disabledFeaturesOf,
  type LinkFeatureSwitches,
} from './features.rules.ts';
export { mediaGrantsOf } from './media-grants.rules.ts';
export { readRoomAccess, requireRoomAccess } from './require-room-access.ts';
export { identityOf, isAdministrator, requireGuestOfRoom, restrictedViewer } from './viewer.rules.ts';
export { isCallShownTo, isShownTo, selectVisibleRoom } from './visibility.queries.ts';
export {
  capRole,
  hasLeftOrganization,
  isAdministratorRole,
  isModeratorRole,
  isRoleWithin,
  managementRoleOf,
  memberRoleInRoom,
  outranks,
  type RoomAccessFacts,
  roleInDestination,
  roleInRoom,
} from './roles.rules.ts';
