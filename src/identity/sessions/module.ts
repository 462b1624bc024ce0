import { defineModule } from '../../kernel/modules/index.ts';
import { purgeExpiredSessions } from './purge-expired-sessions.ts';
import { sessionEnded } from './sessions.events.ts';
import { sessionRoutes } from './sessions.routes.ts';

export const sessionsModule = defineModule({
  name: 'identity/sessions',
  routes: sessionRoutes,
  events: [sessionEnded],
  schedules: [{ name: 'sessions.purge_expired', everyMinutes: 15, run: purgeExpiredSessions }],
  retention: {
    sessions: { rule: 'cascade', how: 'with its user' },
    refresh_tokens: { rule: 'cascade', how: 'with its session' },
  },
});
