import type { ModuleManifest } from '../kernel/modules/index.ts';
import { usersModule } from './users/module.ts';
import { sessionsModule } from './sessions/module.ts';
import { signInModule } from './sign-in/module.ts';
import { recoveryModule } from './recovery/module.ts';
import { emailChangesModule } from './email-changes/module.ts';
import { accountDeletionModule } from './account-deletion/module.ts';
import { passwordsModule } from './passwords/module.ts';
import { organizationsModule } from './organizations/module.ts';
import { entitlementGrantsModule } from './entitlement-grants/module.ts';
import { deletedOrganizationsModule } from './deleted-organizations/module.ts';
import { membersModule } from './members/module.ts';
import { invitationsModule } from './invitations/module.ts';
import { accessModule } from './access/module.ts';
import { apiKeysModule } from './api-keys/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const identityModules: readonly ModuleManifest[] = [
  usersModule,
  sessionsModule,
  signInModule,
  recoveryModule,
  emailChangesModule,
  accountDeletionModule,
  passwordsModule,
  organizationsModule,
  entitlementGrantsModule,
  deletedOrganizationsModule,
  membersModule,
  invitationsModule,
  accessModule,
  apiKeysModule,
];
