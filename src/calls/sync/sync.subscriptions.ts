import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { callEnded } from '../calls/index.ts';
import { deleteClusterRoom } from './delete-cluster-room.ts';
import { reduceEvents } from './reduce-cluster-events.ts';
import { callReported } from './sync.events.ts';

export const syncSubscriptions: readonly Subscription[] = [
  subscribe(callReported, 'sync.reduce-events', (ctx, { callId }) => reduceEvents(ctx, callId)),
  subscribe(callEnded, 'sync.delete-cluster-room', deleteClusterRoom),
];
