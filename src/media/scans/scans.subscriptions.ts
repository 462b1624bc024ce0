import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { fileUploaded } from '../files/index.ts';
import { scanFile } from './scan-file.ts';

export const scanSubscriptions: readonly Subscription[] = [subscribe(fileUploaded, 'files.scan', scanFile)];
