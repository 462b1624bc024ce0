import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { syncPoll } from './sync-poll.ts';
import { pollChanged } from './polls.events.ts';

export const pollSubscriptions: readonly Subscription[] = [subscribe(pollChanged, 'polls.sync', syncPoll)];
