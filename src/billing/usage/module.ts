import { defineModule, type Meter, type ModuleManifest } from '../../kernel/modules/index.ts';
import { createUsageSubscriptions } from './record-usage.ts';
import { sumHours } from './sum-hours.ts';
import { usageRecorded } from './usage.events.ts';
import { usageRoutes } from './usage.routes.ts';

/** @param meters those of the product, each of which gets a subscriber */
export const createUsageModule = (meters: readonly Meter[]): ModuleManifest =>
  defineModule({
    name: 'billing/usage',
    events: [usageRecorded],
    subscriptions: createUsageSubscriptions(meters),
    schedules: [{ name: 'usage.sum_hours', everyMinutes: 1, run: sumHours }],
    routes: usageRoutes,
    retention: {
      usage_events: {
        rule: 'cascade',
        how: 'with the organization; erasing a user takes their id out of it, the quantities stay',
      },
      usage_hours: { rule: 'cascade', how: 'with the organization; it names no person' },
    },
  });
