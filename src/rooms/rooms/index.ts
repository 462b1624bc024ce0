export { buildRoom, roomCreationCommit } from './create-room.ts';
export { copyRoomPeople, deleteRoomPeople } from './room-people.queries.ts';
export { roomErrors } from './rooms.errors.ts';
export { roomEventSchema } from './rooms.events.ts';
export {
  updateRoomRow,
  selectMemberRole,
  memberRoleExpression,
  selectRoom,
  selectRoomPerson,
  isInActiveOrganization,
  upsertRoomPerson,
  upsertRoomRoles,
  visibleTo,
} from './rooms.queries.ts';
export { roomRoutes } from './rooms.routes.ts';
export {
  capRole,
  identityOf,
  isAdministrator,
  hasLeftOrganization,
  type RoomAccessFacts,
  isModeratorRole,
  managementRoleOf,
  requireManager,
  memberRoleInRoom,
  requireGuestOfRoom,
  type Room,
  type RoomPerson,
  roleInRoom,
  effectiveRoleOf,
  restrictedViewer,
} from './rooms.rules.ts';
export {
  createRoomSchema,
  roomIdSchema,
  roomParamsSchema,
  roomRoleSchema,
  roomSchema,
} from './rooms.schemas.ts';
export { PEOPLE_ROLES, ROOM_ROLES, type RoomFeatures, type RoomRole } from './rooms.enums.ts';
