import { presentMoney } from '../../kernel/money/index.ts';
import type { ChangePreview, ChangeTiming, PlanChoice } from '../providers/index.ts';
import type { PreviewView } from './plan-changes.schemas.ts';

/** @param change the plan and seats after the change, and when it takes effect */
export const presentPreview = (
  { currency, dueNow, tax, lines, nextInvoiceAtMs }: ChangePreview,
  { choice, timing, changesAt }: { choice: PlanChoice; timing: ChangeTiming; changesAt: Date },
): PreviewView => ({
  timing,
  changesAt: changesAt.toISOString(),
  plan: choice.plan,
  interval: choice.interval,
  seats: choice.seats,
  dueNow: presentMoney(dueNow, currency),
  tax: presentMoney(tax, currency),
  lines: lines.map(({ description, amount }) => ({ description, amount: presentMoney(amount, currency) })),
  nextInvoiceAt: new Date(nextInvoiceAtMs).toISOString(),
});
