import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { roomUpdated } from '../rooms/index.ts';
import { enforceRoles } from './change-role.ts';
import { enforceGrants } from './enforce-grants.ts';
import { participantRemoved, participantRoleChanged } from './moderation.events.ts';
import { enforceRemoval } from './remove-participant.ts';

export const moderationSubscriptions: readonly Subscription[] = [
  subscribe(roomUpdated, 'moderation.enforce-room-grants', (ctx, { roomId }) => enforceGrants(ctx, roomId)),
  subscribe(participantRoleChanged, 'moderation.enforce-roles', enforceRoles),
  subscribe(participantRemoved, 'moderation.enforce-removal', enforceRemoval),
];
