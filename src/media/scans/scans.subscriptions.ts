import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { fileUploaded } from '../files/index.ts';
import { scanUploaded } from './scan-file.ts';

export const scanSubscriptions: readonly Subscription[] = [
  subscribe(fileUploaded, 'files.scan', scanUploaded, { timeLimitSeconds: 45 }),
];
