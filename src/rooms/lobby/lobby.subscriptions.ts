import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { reapplyDecisions } from './decide-lobby.ts';
import { lobbyDecided, lobbyWaiting } from './lobby.events.ts';
import { notifyHosts } from './notify-hosts.ts';

export const lobbySubscriptions: readonly Subscription[] = [
  subscribe(lobbyWaiting, 'lobby.notify-hosts', notifyHosts),
  subscribe(lobbyDecided, 'lobby.apply-decisions', (ctx, { roomId, lobbyEntryIds }) =>
    reapplyDecisions(ctx, roomId, lobbyEntryIds),
  ),
];
