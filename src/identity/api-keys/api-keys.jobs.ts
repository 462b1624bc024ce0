import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { apiKeyEffectSchema } from './api-keys.schemas.ts';

const API_KEY_EVENTS = ['api_key.created', 'api_key.updated', 'api_key.rerolled', 'api_key.revoked'] as const;

/** Events that rooms further on may act on; here nothing more follows from them. */
export const apiKeyJobs: readonly Job[] = API_KEY_EVENTS.map((type) =>
  defineJob({ type, payload: apiKeyEffectSchema }),
);
