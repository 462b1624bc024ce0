import { presentRange } from '../rollups/index.ts';
import type { GradeCounts, PresetRow, SavingRow } from './compression-stats.queries.ts';
import { shareOf } from './compression-stats.rules.ts';
import type {
  BandwidthSavingsView,
  EncoderPerformanceView,
  QualityDistributionView,
} from './compression-stats.schemas.ts';
import type { BandwidthSavings, EncoderPerformance, QualityDistribution } from './read-compression-stats.ts';

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

const presentPreset = (row: PresetRow) => ({
  preset: row.preset,
  measured: row.measured,
  meanSsim: rounded(row.meanSsim, 4),
  lowestSsim: rounded(row.lowestSsim, 4),
  copyRatio: shareOf(row.copyBytes, row.originalBytes),
  meanCpuSeconds: rounded(row.meanCpuSeconds, 3),
  p95CpuSeconds: rounded(row.p95CpuSeconds, 3),
  cpuSecondsPerMediaSecond: shareOf(row.cpuSeconds, row.mediaSeconds),
  meanElapsedSeconds: rounded(row.meanSeconds, 3),
});

export const presentEncoderPerformance = ({
  range,
  encoders,
  presets,
}: EncoderPerformance): EncoderPerformanceView => ({
  range: presentRange(range),
  data: encoders.map(({ codec, replaced, notSmaller, qualityNotReached, copyDiffers, failed }) => {
    const kept = notSmaller + qualityNotReached + copyDiffers;
    const ended = replaced + kept + failed;
    return {
      codec,
      ended,
      replaced,
      kept: { notSmaller, qualityNotReached, copyDiffers },
      failed,
      successRatio: shareOf(replaced + kept, ended),
      replacedRatio: shareOf(replaced, ended),
      presets: presets.filter((row) => row.codec === codec).map(presentPreset),
    };
  }),
});

function presentSavings(rows: readonly SavingRow[]) {
  const sum = (pick: (row: SavingRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const [originalBytes, copyBytes] = [sum((row) => row.originalBytes), sum((row) => row.copyBytes)];
  const savedBytes = originalBytes - copyBytes;
  return {
    files: sum(({ files }) => files),
    originalBytes,
    copyBytes,
    savedBytes,
    savedRatio: shareOf(savedBytes, originalBytes),
  };
}

export function presentBandwidthSavings({ range, rows }: BandwidthSavings): BandwidthSavingsView {
  const days = rows.filter(({ day }) => day !== null);
  return {
    range: presentRange(range),
    current: presentSavings(days),
    previous: presentSavings(rows.filter(({ day }) => day === null)),
    data: days.map((row) => ({ day: row.day!, ...presentSavings([row]) })),
  };
}

const gradesOf = ({ excellent, good, fair, poor, unknown }: GradeCounts) => ({
  excellent,
  good,
  fair,
  poor,
  unknown,
});

export const presentQualityDistribution = ({
  range,
  ...counts
}: QualityDistribution): QualityDistributionView => ({
  range: presentRange(range),
  copies: gradesOf(counts.copies),
  networks: gradesOf(counts.networks),
  participations: gradesOf(counts.participations),
});
