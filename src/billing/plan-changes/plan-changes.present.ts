import { presentMoney } from '../../kernel/money/index.ts';
import type { ChangePreview, ChangeTiming } from '../providers/index.ts';
import type { PreviewView } from './plan-changes.schemas.ts';

/** @param changesAt when the change comes */
export const presentPreview = (
  { currency, dueNow, tax, lines, nextInvoiceAtMs }: ChangePreview,
  timing: ChangeTiming,
  changesAt: Date,
): PreviewView => ({
  timing,
  changesAt: changesAt.toISOString(),
  dueNow: presentMoney(dueNow, currency),
  tax: presentMoney(tax, currency),
  lines: lines.map(({ description, amount }) => ({ description, amount: presentMoney(amount, currency) })),
  nextInvoiceAt: new Date(nextInvoiceAtMs).toISOString(),
});
