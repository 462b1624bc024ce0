import { defineErrors } from '../../kernel/core/index.ts';

export const auditErrors = defineErrors('audit', {
  notFound: { status: 404, title: 'The audit entry was not found' },
});
