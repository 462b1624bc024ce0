export { newRoom, roomsCreated } from './create-room.ts';
export { getRoom, getRoomAndCaller, type RoomWithCall } from './read-rooms.ts';
export { roomErrors } from './rooms.errors.ts';
export { roomJobs, roomPayload } from './rooms.jobs.ts';
export { changeRoom, findRoom, findRoomPerson, putRoomPerson, putRoomRoles } from './rooms.queries.ts';
export { presentRoom, roomRoutes } from './rooms.routes.ts';
export {
  boundedRole,
  identityOf,
  isAdministrator,
  isModerating,
  requireManager,
  requireReach,
  type Room,
  type RoomPerson,
  roomRoleOf,
} from './rooms.rules.ts';
export {
  createRoomSchema,
  roomExample,
  roomIdSchema,
  roomParamsSchema,
  roomRoleSchema,
  roomSchema,
} from './rooms.schemas.ts';
export { PEOPLE_ROLES, ROOM_ROLES, type RoomFeatures, type RoomRole } from './rooms.words.ts';
