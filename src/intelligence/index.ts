import type { ModuleManifest } from '../kernel/modules/index.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const intelligenceModules: readonly ModuleManifest[] = [];
