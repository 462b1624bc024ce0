import type { MeterView } from '../meters/index.ts';
import type { Period } from './usage.rules.ts';

export const presentPeriod = ({ from, to }: Period) => ({ from: from.toISOString(), to: to.toISOString() });
export const presentMeter = ({ name, unit, unitQuantity }: MeterView) => ({
  meter: name,
  unit,
  unitQuantity,
});
