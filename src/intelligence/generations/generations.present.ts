import { presentAmount } from '../../kernel/money/index.ts';
import type { TokenUsage } from '../providers/index.ts';
import type { UsageState } from './generations.enums.ts';
import type { GenerationAnswer } from './generations.ports.ts';
import type { AnsweredGenerationView, GenerationView } from './generations.schemas.ts';
import type { Generation } from './generations.tables.ts';

const toSeconds = (ms: number | null) => ms && ms / 1000;

const inputOf = (usage: TokenUsage) =>
  usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.cacheWriteHourTokens;

export const presentUsage = (state: UsageState, usage: TokenUsage) => ({
  state,
  inputTokens: usage.inputTokens,
  outputTokens: usage.outputTokens,
  cacheReadTokens: usage.cacheReadTokens,
  cacheWriteTokens: usage.cacheWriteTokens,
  cacheWriteHourTokens: usage.cacheWriteHourTokens,
  reasoningTokens: usage.reasoningTokens,
});

export const presentGeneration = (row: Generation): GenerationView => ({
  id: row.id,
  status: row.status,
  failure: row.failure,
  stopReason: row.stopReason,
  provider: row.provider,
  model: row.model,
  ownKey: row.ownKey,
  route: {
    policy: row.route?.policy ?? null,
    attempts: [...row.attempts],
    passedOver: [...(row.route?.passedOver ?? [])],
  },
  reused: row.reused && {
    inputTokens: inputOf(row.reused.usage),
    outputTokens: row.reused.usage.outputTokens,
    saved: presentAmount(row.reused.amountMicros === null ? null : BigInt(row.reused.amountMicros)),
  },
  usage: presentUsage(row.usageState, row),
  hedge: row.hedge && {
    provider: row.hedge.provider,
    model: row.hedge.model,
    ownKey: row.hedge.ownKey,
    usage: presentUsage(row.hedge.usageState, row.hedge.usage),
  },
  firstOutputSeconds: toSeconds(row.firstOutputMs),
  durationSeconds: toSeconds(row.durationMs),
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

export const presentAnswer = (row: Generation, answer: GenerationAnswer | null): AnsweredGenerationView => ({
  ...presentGeneration(row),
  output: answer && ([...answer.output] as NonNullable<AnsweredGenerationView['output']>),
});
