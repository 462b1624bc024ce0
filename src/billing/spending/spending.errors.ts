import { defineErrors } from '../../kernel/core/index.ts';

export const spendingErrors = defineErrors('billing', {
  notCharged: { status: 409, title: 'Nothing is charged that a spending limit could bound' },
});
