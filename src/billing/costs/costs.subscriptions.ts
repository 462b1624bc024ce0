import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { usageRecorded } from '../usage/index.ts';
import { calculateCosts } from './calculate-costs.ts';

export const costSubscriptions: readonly Subscription[] = [
  subscribe(usageRecorded, 'costs.calculate', calculateCosts),
];
