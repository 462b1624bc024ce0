import type { ModuleManifest } from '../kernel/modules/index.ts';
import { callsModule } from './calls/module.ts';
import { includedUseModule } from './included-use/module.ts';
import { minutesModule } from './minutes/module.ts';
import { syncModule } from './sync/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const callsModules: readonly ModuleManifest[] = [
  callsModule,
  minutesModule,
  includedUseModule,
  syncModule,
];
