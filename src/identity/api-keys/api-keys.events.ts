import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { apiKeyEventSchema } from './api-keys.schemas.ts';

const API_KEY_EVENT_TYPES = [
  'api_key.created',
  'api_key.updated',
  'api_key.rerolled',
  'api_key.revoked',
] as const;

/** Events without a subscriber. */
export const apiKeyEvents: readonly Subscription[] = API_KEY_EVENT_TYPES.map((type) =>
  defineSubscription({ type, payload: apiKeyEventSchema }),
);
