import { type Entitlements, INCLUDED_METERS } from '../../identity/entitlements/index.ts';
import type { MeterView } from '../meters/index.ts';

/** The amount of a meter that a plan includes in a month, in base units; null if no plan includes an amount. */
export function includedQuantity(
  { name, kind, unitQuantity }: Pick<MeterView, 'name' | 'kind' | 'unitQuantity'>,
  { included }: Pick<Entitlements, 'included'>,
): bigint | null {
  const meter = kind === 'product' ? INCLUDED_METERS.find((each) => each === name) : undefined;
  return meter === undefined ? null : BigInt(included[meter].amount) * BigInt(unitQuantity);
}
