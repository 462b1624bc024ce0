import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';
import { moneySchema } from '../../kernel/money/index.ts';
import { setSpendingLimitExample, spendingExample, spendingFields } from './spending.schemas.ts';

const define = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: z.object(spendingFields),
    example: spendingExample,
    key: () => 'spending_limit',
  });

export const spendingLimitChanged = defineEvent({
  type: 'billing.spending_limit_changed',
  description: 'The organization changed or removed its spending limit.',
  payload: z.object({ limit: moneySchema.nullable().describe('The spending limit; null for none.') }),
  example: setSpendingLimitExample,
  key: () => 'spending_limit',
});
export const limitNear = define(
  'billing.spending_limit_near',
  'The organization has spent 80 percent of its spending limit, for the first time in the month with this limit.',
);
export const limitReached = define(
  'billing.spending_limit_reached',
  'The spending limit of the organization is reached, for the first time in the month with this limit: joining a call is refused, ' +
    'and running calls end.',
);

export const spendingEvents = [spendingLimitChanged, limitNear, limitReached];
