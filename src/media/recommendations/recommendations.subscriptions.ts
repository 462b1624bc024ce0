import { qualityReported } from '../../insights/quality/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { recommend } from './recommend.ts';

export const recommendationSubscriptions: readonly Subscription[] = [
  subscribe(qualityReported, 'recommendations.recommend', recommend),
];
