import { entitlementsChanged } from '../../identity/entitlement-grants/index.ts';
import { organizationPlanChanged } from '../../identity/organizations/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { usageRecorded } from '../usage/index.ts';
import { usageThresholdReached, usageThresholdsChanged } from './alerts.events.ts';
import { raiseAlerts } from './raise-alerts.ts';
import { sendAlertMail } from './send-alert-mail.ts';

export const alertSubscriptions: readonly Subscription[] = [
  subscribe(usageRecorded, 'alerts.raise', (ctx, { meter }, { occurredAtMs }) =>
    raiseAlerts(ctx, occurredAtMs, meter),
  ),
  subscribe(organizationPlanChanged, 'alerts.raise-after-plan-change', (ctx, _payload, { occurredAtMs }) =>
    raiseAlerts(ctx, occurredAtMs),
  ),
  // The moment at which a grant starts or ends, not the moment at which it was made.
  subscribe(entitlementsChanged, 'alerts.raise-after-grant-change', (ctx) =>
    raiseAlerts(ctx, ctx.clock.now()),
  ),
  subscribe(
    usageThresholdsChanged,
    'alerts.raise-after-threshold-change',
    (ctx, _payload, { occurredAtMs }) => raiseAlerts(ctx, occurredAtMs),
  ),
  subscribe(usageThresholdReached, 'alerts.send-mail', sendAlertMail, { timeLimitSeconds: 45 }),
];
