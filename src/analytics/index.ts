import type { ModuleManifest } from '../kernel/modules/index.ts';
import { realtimeModule } from './realtime/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const analyticsModules: readonly ModuleManifest[] = [realtimeModule];
