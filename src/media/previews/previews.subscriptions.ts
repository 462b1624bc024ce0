import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { fileScanned } from '../files/index.ts';
import { makePreview } from './make-preview.ts';

export const previewSubscriptions: readonly Subscription[] = [
  subscribe(fileScanned, 'previews.make', makePreview),
];
