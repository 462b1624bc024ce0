import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { applyMute } from './apply-mute.ts';
import { muteRequested } from './muting.events.ts';

export const mutingSubscriptions: readonly Subscription[] = [
  subscribe(muteRequested, 'muting.apply', applyMute),
];
