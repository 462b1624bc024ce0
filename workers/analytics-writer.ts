import type { Analytics } from '../src/platform/observability/index.ts';

/** Analytics Engine samples by its index, so one organization's traffic does not hide another's. */
export function createAnalytics(dataset: AnalyticsEngineDataset): Analytics {
  return {
    write: ({ organizationId, route, method, status, code, durationMs, roundTrips }) =>
      dataset.writeDataPoint({
        indexes: [organizationId ?? ''],
        blobs: [route, method, `${Math.floor(status / 100)}xx`, code],
        doubles: [durationMs, roundTrips],
      }),
  };
}
