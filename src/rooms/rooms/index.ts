export { buildRoom, roomCreationCommit } from './create-room.ts';
export type { RoomWithCall } from './read-rooms.ts';
export {
  copyRoomPeople,
  deleteRoomPeople,
  selectRoomPerson,
  selectRoomsWithOtherRemoval,
  upsertRoomPerson,
  upsertRoomRoles,
} from './room-people.queries.ts';
export { PEOPLE_ROLES, ROOM_ROLES, ROOM_TYPES, type RoomFeatures, type RoomRole } from './rooms.enums.ts';
export { roomErrors } from './rooms.errors.ts';
export { roomExample } from './rooms.examples.ts';
export { presentRoom } from './rooms.present.ts';
export { callLimitsOf, selectRoom, selectRoomAndOpenCall, updateRoomRow } from './rooms.queries.ts';
export { maxCapacity, requireOccurrence, type Room, type RoomPerson } from './rooms.rules.ts';
export {
  createRoomSchema,
  roomIdSchema,
  roomParamsSchema,
  roomRoleSchema,
  roomSchema,
  roomSettings,
} from './rooms.schemas.ts';
export { isInActiveOrganization, visibleTo } from './visibility.queries.ts';
export { identityOf, isAdministrator, requireGuestOfRoom, restrictedViewer } from './visibility.rules.ts';
export * from './rooms.events.ts';
