import type { ModuleManifest } from './modules/index.ts';
import { auditModule } from './audit/module.ts';
import { idempotencyModule } from './idempotency/module.ts';
import { eventsModule } from './events/module.ts';
import { deliveryModule } from './delivery/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const kernelModules: readonly ModuleManifest[] = [
  auditModule,
  idempotencyModule,
  eventsModule,
  deliveryModule,
];
