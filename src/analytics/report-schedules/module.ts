import { defineModule } from '../../kernel/modules/index.ts';
import { scheduleEvents } from './report-schedules.events.ts';
import { scheduleRoutes } from './report-schedules.routes.ts';
import { scheduleSubscriptions } from './report-schedules.subscriptions.ts';
import { runReportSchedules } from './run-schedules.ts';

export const reportSchedulesModule = defineModule({
  name: 'analytics/report-schedules',
  events: scheduleEvents,
  subscriptions: scheduleSubscriptions,
  routes: scheduleRoutes,
  schedules: [{ name: 'report_schedules.run', everyMinutes: 1, run: runReportSchedules }],
  retention: {
    report_schedules: {
      rule: 'cascade',
      how: 'with the report and the organization; of a deleted user it does not keep the id',
    },
    report_recipients: { rule: 'cascade', how: 'with the schedule, the user and the organization' },
  },
});
