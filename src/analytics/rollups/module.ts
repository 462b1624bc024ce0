import { defineModule } from '../../kernel/modules/index.ts';
import { buildTimeZones, measureLateCalls, refreshRollups } from './refresh-rollups.ts';
import { rollupSubscriptions } from './rollups.subscriptions.ts';

export const rollupsModule = defineModule({
  name: 'analytics/rollups',
  subscriptions: rollupSubscriptions,
  schedules: [
    { name: 'analytics.refresh', everyMinutes: 1, run: refreshRollups },
    { name: 'analytics.measure_late', everyMinutes: 5, run: measureLateCalls },
    { name: 'analytics.build_time_zones', everyMinutes: 1, run: buildTimeZones },
  ],
  retention: {
    analytics_calls: { rule: 'cascade', how: 'with the call' },
    analytics_participations: {
      rule: 'anonymise',
      how: 'goes with the call; of a deleted user it does not keep the id',
    },
    analytics_dirty: { rule: 'expire', how: 'once the rollups are computed, within a minute' },
    analytics_zones: { rule: 'cascade', how: 'with the organization' },
    analytics_buckets: {
      rule: 'retain',
      how:
        'until the organization is deleted; sums without names, and ids of the most active users, which name no ' +
        'one once a user is deleted',
    },
  },
});
