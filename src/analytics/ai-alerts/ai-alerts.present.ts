import type { AiAlertsView, AiThreshold } from './ai-alerts.schemas.ts';
import type { AiAlert } from './ai-alerts.tables.ts';

const presentAlert = (row: AiAlert): AiAlertsView['alerts'][number] => ({
  id: row.id,
  kind: row.kind,
  model: row.model || null,
  feature: (row.feature || null) as AiThreshold['feature'],
  ...row.evidence,
  resolved: row.resolvedAt !== null,
  resolution: row.resolution,
  createdAt: row.createdAt.toISOString(),
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
});

/** @param alerts the newest first */
export const presentAlerts = (
  thresholds: readonly AiThreshold[],
  alerts: readonly AiAlert[],
): AiAlertsView => ({ thresholds: [...thresholds], alerts: alerts.map(presentAlert) });
