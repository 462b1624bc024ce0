import { participantJoined } from '../../calls/calls/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { lobbyWaiting } from '../lobby/index.ts';
import { roomUpdated } from '../rooms/index.ts';
import { linkUpdated } from './links.events.ts';
import { releaseWaiting } from './release-waiting.ts';

export const linkSubscriptions: readonly Subscription[] = [
  subscribe([roomUpdated, linkUpdated], 'links.release-waiting', (ctx, { roomId }) =>
    releaseWaiting(ctx, roomId),
  ),
  // A host has come.
  subscribe(participantJoined, 'links.release-after-arrival', (ctx, { roomId }) =>
    releaseWaiting(ctx, roomId),
  ),
  // Somebody began to wait at the moment at which what kept them waiting ended.
  subscribe(lobbyWaiting, 'links.release-newcomer', (ctx, { roomId }) => releaseWaiting(ctx, roomId)),
];
