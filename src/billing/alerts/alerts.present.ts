import type { AlertRow } from './alerts.rules.ts';
import type { AlertsView, OwnThreshold } from './alerts.schemas.ts';

const MAX_SHOWN = 100;

/** @param raised the alerts of the month, the latest first */
export const presentAlerts = (thresholds: OwnThreshold[], raised: readonly AlertRow[]): AlertsView => ({
  thresholds,
  alerts: raised
    .slice(0, MAX_SHOWN)
    .map(({ meter, periodStartsAt, percent, quantity, usedQuantity, reachedAt }) => ({
      meter,
      periodStartsAt: periodStartsAt.toISOString(),
      percent,
      quantity,
      usedQuantity,
      reachedAt: reachedAt.toISOString(),
    })),
});
