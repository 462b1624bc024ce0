import type { Meter } from '../../kernel/modules/index.ts';
import { type Micros, presentAmount } from '../../kernel/money/index.ts';
import { formatUnitPrice } from '../prices/index.ts';
import type { CostSumView, PriceOfLine } from './costs.schemas.ts';

/** The feature of a meter by its name. */
export type FeaturesOfMeters = Readonly<Record<string, string>>;

export const featuresOf = (meters: readonly Meter[]): FeaturesOfMeters =>
  Object.fromEntries(meters.map(({ name, feature }) => [name, feature]));

/** Sums of cost lines. */
export interface CostSum {
  /** Sum of the lines whose amount is known. */
  amount: Micros;
  /** Number of lines with a known amount, except those taken back. */
  known: number;
  /** Number of lines without a known amount, except those taken back. */
  unknown: number;
}

/** A row of sums as the database returns it. */
export type SumRow = Record<'amount' | 'known' | 'unknown', string>;

export const sumOf = ({ amount, known, unknown }: SumRow): CostSum => ({
  amount: BigInt(amount),
  known: Number(known),
  unknown: Number(unknown),
});

export const addSums = (sums: readonly CostSum[]): CostSum => ({
  amount: sums.reduce((total, { amount }) => total + amount, 0n),
  known: sums.reduce((total, { known }) => total + known, 0),
  unknown: sums.reduce((total, { unknown }) => total + unknown, 0),
});

/** A sum minus its parts. */
export function restOf(total: CostSum, parts: readonly CostSum[]): CostSum {
  const { amount, known, unknown } = addSums(parts);
  return {
    amount: total.amount - amount,
    known: total.known - known,
    unknown: total.unknown - unknown,
  };
}

/** A sum as the API shows it: unknown, not zero, when none of it is known. */
export const presentSum = ({ amount, known, unknown }: CostSum): CostSumView => ({
  cost: presentAmount(known === 0 && unknown > 0 ? null : amount),
  unknownCount: unknown,
});

/** The columns of a price beside a line; all null while none is known. */
export interface PriceColumns {
  priceId: string | null;
  nanos: string | null;
  unitQuantity: string | null;
  source: string | null;
}

export const presentLinePrice = ({
  priceId,
  nanos,
  unitQuantity,
  source,
}: PriceColumns): PriceOfLine | null =>
  priceId === null || nanos === null || unitQuantity === null || source === null
    ? null
    : {
        id: priceId,
        unitPrice: formatUnitPrice(BigInt(nanos)),
        unitQuantity: Number(unitQuantity),
        source,
      };

/**
 * Whether a call is completely counted: it and all connections have ended, and the time of all of them is in the lines.
 */
export const isFinal = (
  call: { status: string; participantMs: number; hasOpenConnections: boolean },
  countedMs: bigint,
): boolean => call.status === 'ended' && !call.hasOpenConnections && countedMs === BigInt(call.participantMs);
