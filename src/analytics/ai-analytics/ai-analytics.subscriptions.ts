import { generationEnded } from '../../intelligence/generations/index.ts';
import { subscribe } from '../../kernel/delivery/index.ts';
import { markQuarter } from './refresh-ai-buckets.ts';

export const aiAnalyticsSubscriptions = [subscribe(generationEnded, 'ai_analytics.mark', markQuarter)];
