import type { ModuleManifest } from '../kernel/modules/index.ts';
import { aiAlertsModule } from './ai-alerts/module.ts';
import { aiAnalyticsModule } from './ai-analytics/module.ts';
import { aiQualityModule } from './ai-quality/module.ts';
import { callQualityModule } from './call-quality/module.ts';
import { compressionStatsModule } from './compression-stats/module.ts';
import { costInsightsModule } from './cost-insights/module.ts';
import { overviewModule } from './overview/module.ts';
import { realtimeModule } from './realtime/module.ts';
import { reportSchedulesModule } from './report-schedules/module.ts';
import { reportsModule } from './reports/module.ts';
import { rollupsModule } from './rollups/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const analyticsModules: readonly ModuleManifest[] = [
  realtimeModule,
  rollupsModule,
  overviewModule,
  callQualityModule,
  aiAnalyticsModule,
  compressionStatsModule,
  aiQualityModule,
  aiAlertsModule,
  costInsightsModule,
  reportsModule,
  reportSchedulesModule,
];
