import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { streamChanged } from '../streams/index.ts';
import { mailFailure } from './mail-failure.ts';
import { showStream } from './show-stream.ts';

export const streamNoticeSubscriptions: readonly Subscription[] = [
  subscribe(streamChanged, 'stream-notices.show', showStream, { prompt: true }),
  subscribe(streamChanged, 'stream-notices.mail-failure', mailFailure),
];
