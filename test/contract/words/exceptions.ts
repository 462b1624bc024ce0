/** A banned word that stays in some files. */
export interface WordException {
  word: string;
  /** Start of the paths that may use it. */
  path: string;
  reason: string;
}

const SOUND = 'sound, which people hear';
const NAMED_IN_DATABASE = 'the partition column of the outbox has the name `lane` in the database';

export const WORD_EXCEPTIONS: readonly WordException[] = [
  { word: 'lane', path: 'src/kernel/events/', reason: NAMED_IN_DATABASE },
  {
    word: 'flight',
    path: 'src/kernel/events/events.tables.ts',
    reason: 'an index of the previous version has the name `outbox_flight_idx` in the database',
  },
  { word: 'lane', path: 'src/calls/sync/cluster-events.queries.ts', reason: NAMED_IN_DATABASE },
  { word: 'lane', path: 'src/billing/spending/unrecorded-ms.sql', reason: NAMED_IN_DATABASE },
  {
    word: 'door',
    path: 'src/rooms/admission/room-door.sql',
    reason: 'the function has the name `room_door` in the database',
  },
  {
    word: 'stranger',
    path: 'src/rooms/admission/',
    reason: 'a field of what `room_door` returns in the database',
  },
  { word: 'hear', path: 'openapi.json', reason: SOUND },
  { word: 'hear', path: 'workers/pages/', reason: SOUND },
  { word: 'hear', path: 'src/insights/', reason: SOUND },
  { word: 'hear', path: 'src/rooms/join-page/', reason: SOUND },
  { word: 'hear', path: 'test/insights/', reason: SOUND },
  { word: 'wall', path: 'test/bench/', reason: 'wall time, beside CPU time' },
  { word: 'letter', path: 'src/identity/passwords/', reason: 'letters of a password' },
  { word: 'letter', path: 'test/kernel/core/ids.test.ts', reason: 'letters of an identifier' },
  {
    word: 'told',
    path: 'src/realtime/room-store/',
    reason: 'a table in the storage of live rooms has the name `told`',
  },
  {
    word: 'told',
    path: 'src/realtime/protocol/protocol.events.ts',
    reason: 'the earlier name of an event that may still be pending',
  },
  {
    word: 'told',
    path: 'test/realtime/protocol/open-room-socket.test.ts',
    reason: 'the earlier name of an event that may still be pending',
  },
];
