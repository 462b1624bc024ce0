import { defineErrors } from '../../kernel/core/index.ts';

export const scheduleErrors = defineErrors('report_schedules', {
  notFound: { status: 404, title: 'The report has no schedule' },
});
