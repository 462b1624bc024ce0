export { CaptionProgress } from './caption-progress.ts';
export type { FrameSource } from './event-lookup.ts';
export { moveDueTable } from './move-due-table.ts';
export { REPLAY_LIMITS, RoomEventLog } from './room-event-log.ts';
export { StateStore } from './state-store.ts';
