import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { participantJoined, participantLimitExceeded } from '../../calls/calls/index.ts';
import { releaseWaiting } from '../links/index.ts';
import { roomUpdated } from '../rooms/index.ts';
import { showRoles } from './change-role.ts';
import { enforceGrants, enforceGrantsOfNewcomer } from './enforce-grants.ts';
import { excludeParticipant } from './exclude-participant.ts';
import { participantRemoved, participantRoleChanged } from './moderation.events.ts';
import { enforceRemoval } from './remove-participant.ts';

export const moderationSubscriptions: readonly Subscription[] = [
  subscribe(roomUpdated, 'moderation.enforce-room-grants', (ctx, { roomId }) => enforceGrants(ctx, roomId)),
  subscribe(participantRoleChanged, 'moderation.enforce-role-grants', (ctx, { roomId, identities }) =>
    enforceGrants(ctx, roomId, identities),
  ),
  subscribe(participantJoined, 'moderation.enforce-newcomer-grants', enforceGrantsOfNewcomer, {
    prompt: true,
  }),
  subscribe(participantRoleChanged, 'moderation.show-roles', showRoles),
  // Somebody in the call may have become the host for whom others wait.
  subscribe(participantRoleChanged, 'moderation.release-waiting', (ctx, { roomId }) =>
    releaseWaiting(ctx, roomId),
  ),
  subscribe(participantLimitExceeded, 'moderation.exclude-participant', excludeParticipant),
  subscribe(participantRemoved, 'moderation.enforce-removal', enforceRemoval),
];
