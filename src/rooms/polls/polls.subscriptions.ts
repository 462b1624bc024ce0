import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { roomEnded } from '../rooms/index.ts';
import { closePollsOfRoom } from './close-polls-of-room.ts';
import { syncPoll } from './sync-poll.ts';
import { pollChanged } from './polls.events.ts';

export const pollSubscriptions: readonly Subscription[] = [
  subscribe(pollChanged, 'polls.sync', syncPoll),
  subscribe(roomEnded, 'polls.close-with-room', closePollsOfRoom),
];
