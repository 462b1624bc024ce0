export { liveSyncSubscriptions } from './live-sync.events.ts';
export { scheduleForget, syncRoomEnd } from './sync-room.ts';
