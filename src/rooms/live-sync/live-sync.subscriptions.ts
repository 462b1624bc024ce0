import { callEnded, callStarted } from '../../calls/calls/index.ts';
import { memberRoleChanged } from '../../identity/members/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { roomCreated, roomDeleted, roomEnded, roomUpdated } from '../rooms/index.ts';
import { memberRoleSettled, roomForgotten } from './live-sync.events.ts';
import { syncCall } from './sync-call.ts';
import { scheduleMemberRoleSync, syncMemberRole } from './sync-member-role.ts';
import { forgetLiveRoom, scheduleForget, syncRoom, syncRoomEnd } from './sync-room.ts';

const prompt = { prompt: true } as const;

// Events of one subject whose order matters share a subscriber: order holds per subscriber and key.
export const liveSyncSubscriptions: readonly Subscription[] = [
  subscribe([roomCreated, roomUpdated], 'live-sync.room-settings', syncRoom),
  subscribe([roomEnded, roomDeleted], 'live-sync.room-end', syncRoomEnd, prompt),
  subscribe(roomDeleted, 'live-sync.schedule-forget', scheduleForget),
  subscribe(roomForgotten, 'live-sync.forget-room', forgetLiveRoom),
  subscribe([callStarted, callEnded], 'live-sync.call', syncCall),
  subscribe(memberRoleChanged, 'live-sync.member-role', syncMemberRole, prompt),
  subscribe(memberRoleSettled, 'live-sync.settled-member-role', syncMemberRole),
  subscribe(memberRoleChanged, 'live-sync.schedule-member-role', scheduleMemberRoleSync),
];
