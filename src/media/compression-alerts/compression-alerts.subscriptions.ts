import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { compressionEnded } from '../file-compressions/index.ts';
import { evaluateAlerts } from './evaluate-alerts.ts';

export const compressionAlertSubscriptions: readonly Subscription[] = [
  subscribe(compressionEnded, 'compression-alerts.evaluate', (ctx) => evaluateAlerts(ctx)),
];
