import { defineErrors } from '../../kernel/core/index.ts';

export const clusterErrors = defineErrors('clusters', {
  notConfigured: { status: 503, title: 'No media cluster is configured', retryAfterSeconds: 60 },
  unavailable: { status: 503, title: 'The media cluster is unavailable', retryAfterSeconds: 5 },
  refused: { status: 502, title: 'The media cluster refused the request' },
  badSignature: { status: 401, title: 'The signature of the event is not valid' },
});
