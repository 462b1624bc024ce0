import type { ModuleManifest } from '../kernel/modules/index.ts';
import { contactsModule } from './contacts/module.ts';
import { inboxModule } from './inbox/module.ts';
import { inboxSessionModule } from './inbox-session/module.ts';
import { presenceModule } from './presence/module.ts';
import { ringingModule } from './ringing/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const peopleModules: readonly ModuleManifest[] = [
  contactsModule,
  inboxModule,
  inboxSessionModule,
  presenceModule,
  ringingModule,
];
