import { type Micros, presentAmount, presentMoney, prorate } from '../../kernel/money/index.ts';
import type { BillCause } from './bills.enums.ts';
import type { BillLine, ComparedBillView, ComparedLineView } from './bills.schemas.ts';

/** The counted usage of a meter, model and region. */
export interface CountedUsage {
  meter: string;
  model: string | null;
  region: string | null;
  quantity: bigint;
  /** Sum of the lines whose price is known. */
  amount: Micros;
  known: number;
  unknown: number;
}

/** Bills are in cents, so less than one cent is no difference. */
const CENT: Micros = 10_000n;
const absolute = (value: bigint) => (value < 0n ? -value : value);

/** The line of a bill to which usage belongs: the matching one that names most; the model decides before the region. */
function findLine(lines: readonly BillLine[], { meter, model, region }: CountedUsage): BillLine | undefined {
  const rank = (line: BillLine) => (line.model === null ? 0 : 2) + (line.region === null ? 0 : 1);
  return lines
    .filter(
      (line) =>
        line.meter === meter &&
        (line.model === null || line.model === model) &&
        (line.region === null || line.region === region),
    )
    .reduce<BillLine | undefined>(
      (best, line) => (best && rank(best) >= rank(line) ? best : line),
      undefined,
    );
}

type CountedSum = Pick<CountedUsage, 'quantity' | 'amount' | 'known' | 'unknown'>;

const addUsage = (parts: readonly CountedSum[]): CountedSum => ({
  quantity: parts.reduce((sum, { quantity }) => sum + quantity, 0n),
  amount: parts.reduce((sum, { amount }) => sum + amount, 0n),
  known: parts.reduce((sum, { known }) => sum + known, 0),
  unknown: parts.reduce((sum, { unknown }) => sum + unknown, 0),
});

/** The likely cause of the difference between a line and the counted usage. */
export function findCause(
  billed: { quantity: bigint; amount: Micros } | null,
  counted: CountedSum | null,
): BillCause {
  if (billed === null) return 'missing_there';
  if (counted === null) return billed.quantity === 0n && billed.amount === 0n ? 'equal' : 'missing_here';
  if (counted.unknown > 0) return 'unknown_price';
  const difference = absolute(billed.amount - counted.amount);
  if (billed.quantity === counted.quantity) {
    if (difference === 0n) return 'equal';
    return difference < CENT ? 'rounding' : 'price_differs';
  }
  const explained =
    counted.quantity > 0n &&
    absolute(billed.amount - prorate(counted.amount, billed.quantity, counted.quantity)) < CENT;
  return explained ? 'quantity_differs' : 'quantity_and_price_differ';
}

const presentCounted = ({ quantity, amount, known, unknown }: CountedSum) => ({
  quantity: Number(quantity),
  cost: presentAmount(known === 0 && unknown > 0 ? null : amount),
  unknownCount: unknown,
});

function compareLine(
  key: Pick<CountedUsage, 'meter' | 'model' | 'region'>,
  billed: { quantity: bigint; amount: Micros } | null,
  counted: CountedSum | null,
): ComparedLineView {
  const difference = (billed?.amount ?? 0n) - (counted?.amount ?? 0n);
  const { meter, model, region } = key;
  return {
    meter,
    model,
    region,
    billed: billed && { quantity: Number(billed.quantity), cost: presentMoney(billed.amount) },
    counted: counted && presentCounted(counted),
    difference: presentAmount(counted !== null && counted.unknown > 0 ? null : difference),
    cause: findCause(billed, counted),
  };
}

const isSomething = ({ quantity, amount, unknown }: CountedSum) =>
  quantity !== 0n || amount !== 0n || unknown !== 0;

/** Compares a bill, line by line, with the usage that was counted in its period. */
export function compareBillLines(
  lines: readonly BillLine[],
  usage: readonly CountedUsage[],
): ComparedBillView {
  const byLine = Map.groupBy(usage.filter(isSomething), (each) => findLine(lines, each));
  const compared = lines.map((line) => {
    const parts = byLine.get(line);
    const billed = { quantity: BigInt(line.quantity), amount: BigInt(line.amountMicros) };
    return compareLine(line, billed, parts ? addUsage(parts) : null);
  });
  const elsewhere = (byLine.get(undefined) ?? []).map((each) => compareLine(each, null, each));
  const all = [...compared, ...elsewhere];
  const { amount, known, unknown } = addUsage(usage);
  return {
    billed: presentMoney(lines.reduce((sum, { amountMicros }) => sum + BigInt(amountMicros), 0n)),
    counted: presentAmount(known === 0 && unknown > 0 ? null : amount),
    differentCount: all.filter(({ cause }) => cause !== 'equal' && cause !== 'rounding').length,
    lines: all,
  };
}
