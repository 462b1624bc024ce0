import { callEnded } from '../../calls/calls/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { announceCaptions } from './announce-captions.ts';
import { captionsChanged } from './captions.events.ts';
import { followCall, followCaptions } from './follow-captions.ts';

export const captionSubscriptions: readonly Subscription[] = [
  subscribe(captionsChanged, 'captions.follow', followCaptions),
  subscribe(captionsChanged, 'captions.announce', announceCaptions),
  subscribe(callEnded, 'captions.end', followCall),
];
