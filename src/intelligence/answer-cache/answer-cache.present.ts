import { presentMoney } from '../../kernel/money/index.ts';
import type { AnswerCacheView } from './answer-cache.schemas.ts';
import type { AnswerSavings } from './answer-cache.tables.ts';
import type { AnswerCache } from './manage-cache.ts';

const presentSavings = (months: readonly AnswerSavings[]): AnswerCacheView['total'] => {
  const sum = (name: Exclude<keyof AnswerSavings, 'organizationId' | 'month' | 'emptiedAt'>) =>
    months.reduce((total, each) => total + each[name], 0);
  return {
    reused: sum('reused'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    amount: presentMoney(BigInt(sum('amountMicros'))),
    unknownCount: sum('unknownCount'),
  };
};

export const presentCache = ({ answers, savings, month }: AnswerCache): AnswerCacheView => ({
  answers,
  thisMonth: presentSavings(savings.filter((each) => each.month === month)),
  total: presentSavings(savings),
});
