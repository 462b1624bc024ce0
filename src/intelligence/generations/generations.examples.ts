import { exampleId } from '../../kernel/core/index.ts';
import type { AnsweredGenerationView, GenerationView } from './generations.schemas.ts';

export const generationExample: GenerationView = {
  id: exampleId('generation'),
  status: 'completed',
  failure: null,
  stopReason: 'end',
  provider: 'anthropic',
  model: 'claude-sonnet-5',
  ownKey: false,
  route: {
    policy: null,
    attempts: [{ provider: 'anthropic', model: 'claude-sonnet-5', failure: null }],
    passedOver: [],
  },
  reused: null,
  usage: {
    state: 'exact',
    inputTokens: 12,
    outputTokens: 9,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWriteHourTokens: 0,
    reasoningTokens: null,
  },
  hedge: null,
  firstOutputSeconds: 0.41,
  durationSeconds: 0.96,
  createdAt: '2026-01-05T09:30:00.000Z',
  endedAt: '2026-01-05T09:30:00.960Z',
};
export const answeredGenerationExample: AnsweredGenerationView = {
  ...generationExample,
  output: [{ type: 'text', text: 'Red, green and blue.' }],
};
