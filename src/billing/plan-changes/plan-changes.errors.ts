import { defineErrors } from '../../kernel/core/index.ts';

export const planChangeErrors = defineErrors('billing', {
  notChangeable: { status: 409, title: 'The subscription cannot be changed in this way now' },
});
