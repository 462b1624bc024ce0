import {
  addGroups,
  type BucketQuality,
  figureOf,
  type GroupFigures,
  type Histogram,
  meanOf,
  percentilesOf,
  presentRange,
  totalOf,
} from '../rollups/index.ts';
import type { QualityFigures } from './call-quality.schemas.ts';
import type { QualityOfRange } from './get-call-quality.ts';

const rounded = (value: number | null, digits: number): number | null =>
  value === null ? null : Number(value.toFixed(digits));
const scaled = (value: number | null, factor: number): number | null =>
  value === null ? null : value * factor;

const presentMeans = (figures: GroupFigures) => ({
  participations: figureOf(figures, 'participations'),
  impairedParticipations: figureOf(figures, 'impaired'),
  participantSeconds: figureOf(figures, 'connectedMs') / 1000,
  measuredParticipations: figureOf(figures, 'roundTripCount'),
  mos: rounded(scaled(meanOf(figures, 'mos'), 1 / 100), 2),
  roundTripSeconds: rounded(scaled(meanOf(figures, 'roundTrip'), 1e-3), 4),
  jitterSeconds: rounded(scaled(meanOf(figures, 'jitter'), 1e-3), 4),
  lossRatio: rounded(scaled(meanOf(figures, 'loss'), 1e-6), 6),
  bitrateBps: rounded(scaled(meanOf(figures, 'bitrate'), 1000), 0),
});

function presentPercentiles(
  buckets: readonly BucketQuality[],
  pick: (bucket: BucketQuality) => Histogram,
  { factor, digits }: { factor: number; digits: number },
) {
  const [p50, p95, p99] = percentilesOf(buckets.map(pick), [0.5, 0.95, 0.99]).map((value) =>
    rounded(scaled(value, factor), digits),
  );
  return { p50: p50!, p95: p95!, p99: p99! };
}

function presentFigures(buckets: readonly BucketQuality[]): QualityFigures {
  const [p1, p5, p50] = percentilesOf(
    buckets.map(({ scores }) => scores),
    [0.01, 0.05, 0.5],
  ).map((score) => rounded(scaled(score, 1 / 100), 2));
  return {
    ...presentMeans(totalOf(addGroups(buckets.map(({ byConnection }) => byConnection)).values())),
    percentiles: {
      roundTrip: presentPercentiles(buckets, ({ roundTrips }) => roundTrips, {
        factor: 1e-3,
        digits: 4,
      }),
      jitter: presentPercentiles(buckets, ({ jitters }) => jitters, { factor: 1e-3, digits: 4 }),
      loss: presentPercentiles(buckets, ({ losses }) => losses, { factor: 1e-6, digits: 6 }),
      mos: { p50: p50!, p5: p5!, p1: p1! },
    },
  };
}

export const presentCallQuality = ({ range, current, previous }: QualityOfRange) => ({
  range: presentRange(range),
  current: presentFigures(current),
  previous: presentFigures(previous),
  groups: [...addGroups(current.map(({ groups, byConnection }) => groups ?? byConnection))]
    .map(([group, figures]) => ({ group, ...presentMeans(figures) }))
    .sort((a, b) => b.participations - a.participations || (a.group < b.group ? -1 : 1)),
});
