import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { aiBudgetChanged } from '../ai-budgets/index.ts';
import { cutGenerations } from './cancel-generations.ts';

export const generationSubscriptions: readonly Subscription[] = [
  subscribe(aiBudgetChanged, 'generations.cut', cutGenerations),
];
