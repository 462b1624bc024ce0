import type { Meter } from '../../kernel/modules/index.ts';
import type { MeterView } from './meters.schemas.ts';
import type { usageMeters } from './meters.tables.ts';

export type OwnMeterRow = typeof usageMeters.$inferSelect;

declare module '../../kernel/context/context.ts' {
  interface Services {
    /** The meters of the product, in the order of their modules. */
    meters: readonly Meter[];
  }
}

/** @throws Error when two modules declare the same meter */
export function requireDistinctMeters(meters: readonly Meter[]): readonly Meter[] {
  if (new Set(meters.map(({ name }) => name)).size !== meters.length)
    throw new Error('two modules declare the same meter');
  return meters;
}

const presentProductMeter = (meter: Meter): MeterView => {
  const { name, feature, unit, unitQuantity, description, dimensions } = meter;
  return {
    name,
    kind: 'product',
    feature,
    unit,
    unitQuantity,
    description,
    dimensions: [...dimensions, 'user'],
  };
};

export const presentOwnMeter = (meter: OwnMeterRow): MeterView => {
  const { name, unit, unitQuantity, description, dimensions } = meter;
  return { name, kind: 'own', feature: null, unit, unitQuantity, description, dimensions };
};

/** All meters of an organization: those of the product, then its own. */
export const listMeterViews = (product: readonly Meter[], own: readonly OwnMeterRow[]): MeterView[] => [
  ...product.map(presentProductMeter),
  ...own.map(presentOwnMeter),
];
