export {
  type ConnectionAttachment,
  isInLobby,
  isPresent,
  restsOn,
  type RoomConnection,
} from './room-connection.ts';
export { ROOM_BUFFER_LIMIT, RoomConnections } from './room-connections.ts';
