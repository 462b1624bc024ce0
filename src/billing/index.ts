import type { ModuleManifest } from '../kernel/modules/index.ts';
import { plansModule } from './plans/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const billingModules: readonly ModuleManifest[] = [plansModule];
