import type { ModuleManifest } from '../kernel/modules/index.ts';
import { generationsModule } from './generations/module.ts';
import { modelsModule } from './models/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const intelligenceModules: readonly ModuleManifest[] = [modelsModule, generationsModule];
