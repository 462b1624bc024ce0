import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { roomDeleted } from '../rooms/index.ts';
import { endCallOfDeletedRoom } from './end-call-of-deleted-room.ts';

export const lifecycleSubscriptions: readonly Subscription[] = [
  subscribe(roomDeleted, 'lifecycle.end-call-of-deleted-room', endCallOfDeletedRoom),
];
