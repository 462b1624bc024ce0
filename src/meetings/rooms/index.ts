export { newRoom, roomsCreated } from './create-room.ts';
export { copyPeople, forgetPeople } from './people.queries.ts';
export { roomErrors } from './rooms.errors.ts';
export { roomPayload } from './rooms.jobs.ts';
export {
  changeRoom,
  findMemberRole,
  memberRoleOf,
  findRoom,
  findRoomPerson,
  ofOpenOrganization,
  putRoomPerson,
  putRoomRoles,
  seenBy,
} from './rooms.queries.ts';
export { roomRoutes } from './rooms.routes.ts';
export {
  boundedRole,
  identityOf,
  isAdministrator,
  isGone,
  type Known,
  isModerating,
  managingRoleOf,
  requireManager,
  memberRoomRole,
  requireReach,
  type Room,
  type RoomPerson,
  roomRoleOf,
  standingRoleOf,
  viewerOf,
} from './rooms.rules.ts';
export {
  createRoomSchema,
  roomIdSchema,
  roomParamsSchema,
  roomRoleSchema,
  roomSchema,
} from './rooms.schemas.ts';
export { PEOPLE_ROLES, ROOM_ROLES, type RoomFeatures, type RoomRole } from './rooms.words.ts';
