import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { participantRemoved, participantRoleChanged } from '../moderation/index.ts';
import { roomDeleted, roomEnded } from '../rooms/index.ts';
import { breakoutsChanged } from './breakouts.events.ts';
import { closeGroupsOfRoom, syncBreakouts, syncRemoval, syncRoles } from './sync-breakouts.ts';

export const breakoutSubscriptions: readonly Subscription[] = [
  subscribe(breakoutsChanged, 'breakouts.sync', syncBreakouts),
  subscribe(participantRemoved, 'breakouts.copy-removal', syncRemoval),
  subscribe(participantRoleChanged, 'breakouts.copy-roles', syncRoles),
  subscribe([roomEnded, roomDeleted], 'breakouts.close-groups', (ctx, { roomId }) =>
    closeGroupsOfRoom(ctx, roomId),
  ),
];
