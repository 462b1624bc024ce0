import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { roomUpdated } from '../rooms/index.ts';
import { linkUpdated } from './links.events.ts';
import { releaseWaiting } from './release-waiting.ts';

export const linkSubscriptions: readonly Subscription[] = [
  subscribe([roomUpdated, linkUpdated], 'links.release-waiting', (ctx, { roomId }) =>
    releaseWaiting(ctx, roomId),
  ),
];
