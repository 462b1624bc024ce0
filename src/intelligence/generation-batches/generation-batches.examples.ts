import { exampleId } from '../../kernel/core/index.ts';
import { createGenerationExample } from '../generation-requests/index.ts';
import type { BatchResultView, BatchView } from './generation-batches.schemas.ts';

export const createBatchExample = {
  requests: [{ customId: 'colours-1', request: createGenerationExample }],
};
export const batchExample: BatchView = {
  id: exampleId('aiBatch'),
  status: 'ended',
  cancelReason: null,
  failure: null,
  provider: 'anthropic',
  ownKey: false,
  requestCount: 1,
  results: { succeeded: 1, errored: 0, canceled: 0, expired: 0, unreadable: 0 },
  createdAt: '2026-01-05T09:30:00.000Z',
  endedAt: '2026-01-05T10:02:00.000Z',
  deletedAt: '2026-01-12T10:02:00.000Z',
};
export const batchResultExample: BatchResultView = {
  customId: 'colours-1',
  model: 'claude-sonnet-5',
  status: 'succeeded',
  stopReason: 'end',
  error: null,
  generationId: exampleId('generation'),
  usage: {
    state: 'exact',
    inputTokens: 12,
    outputTokens: 9,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWriteHourTokens: 0,
    reasoningTokens: null,
  },
  output: [{ type: 'text', text: 'Red, green and blue.' }],
};
