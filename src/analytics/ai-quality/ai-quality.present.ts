import type { z } from '@hono/zod-openapi';
import { presentAmount } from '../../kernel/money/index.ts';
import { presentRange } from '../rollups/index.ts';
import type { comparisonSchema, qualityListSchema } from './ai-quality.schemas.ts';
import { type AnswerQualityFigures, scoresOf, successOf, thumbsUpOf } from './figures.rules.ts';
import { differenceOfMeans, differenceOfShares, type ConfidenceInterval, meanOf } from './intervals.rules.ts';
import type { ComparedModels, FoundQuality } from './read-quality.ts';

const rounded = (value: number) => Number(value.toFixed(4));
const secondsOf = (ms: number | null) => (ms === null ? null : ms / 1_000);

const presentShare = (interval: ConfidenceInterval | null) =>
  interval && { share: rounded(interval.value), low: rounded(interval.low), high: rounded(interval.high) };

const presentDifference = (interval: ConfidenceInterval | null) =>
  interval && {
    difference: rounded(interval.value),
    low: rounded(interval.low),
    high: rounded(interval.high),
    isSure: interval.low > 0 || interval.high < 0,
  };

function presentFigures(row: AnswerQualityFigures) {
  const mean = meanOf(scoresOf(row));
  return {
    answers: row.completed + row.failed,
    cancelled: row.cancelled,
    reused: row.reused,
    success: presentShare(successOf(row)),
    firstOutput: { medianSeconds: secondsOf(row.firstMedianMs), p95Seconds: secondsOf(row.firstP95Ms) },
    duration: { medianSeconds: secondsOf(row.durationMedianMs), p95Seconds: secondsOf(row.durationP95Ms) },
    cost: presentAmount(row.unknownCosts > 0 ? null : BigInt(row.costMicros)),
    thumbs: row.thumbs,
    thumbsUp: presentShare(thumbsUpOf(row)),
    scores: row.scores,
    meanScore: mean === null ? null : rounded(mean),
  };
}

export const presentQuality = ({ range, rows }: FoundQuality): z.output<typeof qualityListSchema> => ({
  range: presentRange(range),
  data: rows.map((row) => ({
    provider: row.provider,
    model: row.model,
    feature: row.feature as never,
    ...presentFigures(row),
  })),
});

export const presentComparison = ({
  range,
  first,
  second,
}: ComparedModels): z.output<typeof comparisonSchema> => ({
  range: presentRange(range),
  first: { model: first.model, ...presentFigures(first) },
  second: { model: second.model, ...presentFigures(second) },
  success: presentDifference(differenceOfShares(successOf(first), successOf(second))),
  thumbsUp: presentDifference(differenceOfShares(thumbsUpOf(first), thumbsUpOf(second))),
  meanScore: presentDifference(differenceOfMeans(scoresOf(first), scoresOf(second))),
});
