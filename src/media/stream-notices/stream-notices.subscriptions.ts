import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { streamChanged } from '../streams/index.ts';
import { showStream } from './show-stream.ts';

export const streamNoticeSubscriptions: readonly Subscription[] = [
  subscribe(streamChanged, 'stream-notices.show', showStream, { prompt: true }),
];
