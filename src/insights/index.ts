import type { ModuleManifest } from '../kernel/modules/index.ts';
import { callHistoryModule } from './call-history/module.ts';
import { qualityModule } from './quality/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const insightsModules: readonly ModuleManifest[] = [callHistoryModule, qualityModule];
