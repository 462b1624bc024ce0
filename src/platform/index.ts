import type { ModuleManifest } from '../kernel/modules/index.ts';
import { healthModule } from './health/module.ts';
import { limitsModule } from './limits/module.ts';
import { operationsModule } from './operations/module.ts';
import { auditChainModule } from './audit-chain/module.ts';
import { auditTrailModule } from './audit-trail/module.ts';
import { deadLettersModule } from './dead-letters/module.ts';
import { docsModule } from './docs/module.ts';
import { mailModule } from './mail/module.ts';
import { objectsModule } from './objects/module.ts';
import { observabilityModule } from './observability/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const platformModules: readonly ModuleManifest[] = [
  healthModule,
  limitsModule,
  operationsModule,
  auditChainModule,
  auditTrailModule,
  deadLettersModule,
  docsModule,
  mailModule,
  objectsModule,
  observabilityModule,
];
