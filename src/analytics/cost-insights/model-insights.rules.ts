import {
  differenceOfMeans,
  differenceOfShares,
  type ConfidenceInterval,
  meanOf,
  type QualityRow,
  scoresOf,
  successOf,
  thumbsUpOf,
} from '../ai-quality/index.ts';
import type { CostEvidence, CostFinding, Measurements } from './measurements.rules.ts';

/** Fewer answers say nothing about the cost of one. */
const MIN_ANSWERS = 100;
/** A model whose answers cost less than this in total is not worth a change: a dollar, in micro-units. */
const MIN_COST = 1_000_000;
/** An answer that costs a tenth less. */
const CHEAPER = 0.9;
/** Fewer thumbs say little about people's opinion. */
const MIN_THUMBS = 30;
/**
 * How much worse the other model may be, at the lower bound of 95 %: in shares of successes and thumbs, and in the mean
 * score.
 */
const WORSE = { success: 0.05, thumbs: 0.1, score: 0.5 };

const costOf = ({ costMicros }: QualityRow) => Number(costMicros);
const costOfAnswer = (row: QualityRow) => costOf(row) / row.completed;
const isKnown = ({ completed, unknownCosts }: QualityRow) => completed >= MIN_ANSWERS && unknownCosts === 0;
const isNotWorse = (difference: ConfidenceInterval | null, most: number) =>
  difference !== null && difference.low >= -most;

/**
 * Whether the second model is rated as highly as the first, and fails no more often; false unless both have ratings.
 */
function didAsWell(first: QualityRow, second: QualityRow): boolean {
  const enough = first.thumbs >= MIN_THUMBS && second.thumbs >= MIN_THUMBS;
  const thumbs = enough ? differenceOfShares(thumbsUpOf(first), thumbsUpOf(second)) : null;
  const scores = differenceOfMeans(scoresOf(first), scoresOf(second));
  if (!thumbs && !scores) return false;
  return (
    isNotWorse(differenceOfShares(successOf(first), successOf(second)), WORSE.success) &&
    (!thumbs || isNotWorse(thumbs, WORSE.thumbs)) &&
    (!scores || isNotWorse(scores, WORSE.score))
  );
}

const rounded = (value: number) => Number(value.toFixed(4));
const describeRatings = (row: QualityRow) => ({
  thumbs: row.thumbs,
  ...(row.thumbs > 0 ? { thumbsUpShare: rounded(thumbsUpOf(row)!.value) } : {}),
  scores: row.scores,
  ...(row.scores > 0 ? { meanScore: rounded(meanOf(scoresOf(row))!) } : {}),
});

const prefixed = (figures: CostEvidence): CostEvidence =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      `cheaper${name[0]!.toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  );

const evidenceOf = (row: QualityRow): CostEvidence => ({
  model: row.model,
  answers: row.completed,
  answerMicros: Math.round(costOfAnswer(row)),
  ...describeRatings(row),
});

interface Pair {
  dear: QualityRow;
  cheap: QualityRow;
  saved: number;
}

function pairsOf(rows: readonly QualityRow[]): Pair[] {
  const known = rows.filter(isKnown);
  return known
    .filter((dear) => costOf(dear) >= MIN_COST)
    .flatMap((dear) =>
      known
        .filter(
          (cheap) =>
            cheap.feature === dear.feature &&
            costOfAnswer(cheap) <= costOfAnswer(dear) * CHEAPER &&
            didAsWell(dear, cheap),
        )
        .map((cheap) => ({
          dear,
          cheap,
          saved: dear.completed * (costOfAnswer(dear) - costOfAnswer(cheap)),
        })),
    );
}

/**
 * A model that is rated as highly as another one for the same feature, and whose answers cost less at the provider.
 * Among several pairs it is the one that saves most. The charge for tokens beyond a plan is the same for all models, so
 * no saving of it is claimed.
 */
export function cheaperModel({ answers }: Measurements): CostFinding[] {
  const [best] = pairsOf(answers).toSorted((one, other) => other.saved - one.saved);
  if (!best) return [];
  const evidence = {
    feature: best.dear.feature,
    days: 30,
    ...evidenceOf(best.dear),
    ...prefixed(evidenceOf(best.cheap)),
    providerSavingMicros: Math.round(best.saved),
  };
  return [{ kind: 'cheaper_model', saving: null, evidence }];
}
