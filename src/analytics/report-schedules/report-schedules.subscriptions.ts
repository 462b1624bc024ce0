import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { scheduledRunEnded, schedulePaused } from './report-schedules.events.ts';
import { sendPauseMail, sendRunMail } from './send-report-mail.ts';

export const scheduleSubscriptions: readonly Subscription[] = [
  subscribe(scheduledRunEnded, 'report-schedules.send-run-mail', sendRunMail, { timeLimitSeconds: 45 }),
  subscribe(schedulePaused, 'report-schedules.send-pause-mail', sendPauseMail, { timeLimitSeconds: 45 }),
];
