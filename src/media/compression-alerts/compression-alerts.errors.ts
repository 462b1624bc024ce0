import { defineErrors } from '../../kernel/core/index.ts';

export const compressionAlertErrors = defineErrors('compression_alerts', {
  notFound: { status: 404, title: 'The alert was not found' },
  alreadyResolved: { status: 409, title: 'The alert is resolved already' },
});
