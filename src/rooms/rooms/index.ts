export { buildRoom, roomCreationCommit } from './create-room.ts';
export {
  copyRoomPeople,
  currentPersonColumns,
  currentRoleOf,
  deleteRoomPeople,
  selectRoomPerson,
  selectRoomsWithOtherRemoval,
  selectRoomsWithOtherRole,
  upsertRoomPerson,
  upsertRoomRoles,
} from './room-people.queries.ts';
export { PEOPLE_ROLES, ROOM_ROLES, ROOM_TYPES, type RoomFeatures, type RoomRole } from './rooms.enums.ts';
export { roomErrors } from './rooms.errors.ts';
export { roomExample } from './rooms.examples.ts';
export { presentRoom, presentRoomForGuest } from './rooms.present.ts';
export {
  callLimitsOf,
  holdRoomCapacity,
  isInActiveOrganization,
  placeCallsAt,
  selectRoom,
  selectRoomAndOpenCall,
  syncCallLimits,
  updateRoomRow,
} from './rooms.queries.ts';
export {
  maxCapacity,
  requireOccurrence,
  type Room,
  type RoomPerson,
  type RoomWithCall,
} from './rooms.rules.ts';
export {
  createRoomSchema,
  type ListRooms,
  listRoomsSchema,
  roomIdSchema,
  roomPageSchema,
  roomParamsSchema,
  roomRoleSchema,
  roomSchema,
} from './rooms.schemas.ts';
export { occurrenceDurationSchema, roomSettings } from './room-settings.schemas.ts';
export * from './rooms.events.ts';
