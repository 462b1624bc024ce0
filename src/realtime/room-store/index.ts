export { EventLookup, type FrameSource } from './event-lookup.ts';
export { NamedDueList } from './named-due-list.ts';
export { REPLAY_LIMITS, RoomEventLog } from './room-event-log.ts';
export { type Sql, SqlKeyValues } from './sql.ts';
export { StateStore } from './state-store.ts';
