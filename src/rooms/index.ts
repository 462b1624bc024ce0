import type { ModuleManifest } from '../kernel/modules/index.ts';
import { roomsModule } from './rooms/module.ts';
import { lobbyModule } from './lobby/module.ts';
import { recordingConsentsModule } from './recording-consents/module.ts';
import { linksModule } from './links/module.ts';
import { admissionModule } from './admission/module.ts';
import { guestAccessModule } from './guest-access/module.ts';
import { joinPageModule } from './join-page/module.ts';
import { moderationModule } from './moderation/module.ts';
import { mutingModule } from './muting/module.ts';
import { successionModule } from './succession/module.ts';
import { lifecycleModule } from './lifecycle/module.ts';
import { occurrencesModule } from './occurrences/module.ts';
import { liveSyncModule } from './live-sync/module.ts';
import { movesModule } from './moves/module.ts';
import { breakoutsModule } from './breakouts/module.ts';
import { offboardingModule } from './offboarding/module.ts';
import { pollsModule } from './polls/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const roomsModules: readonly ModuleManifest[] = [
  roomsModule,
  lobbyModule,
  recordingConsentsModule,
  linksModule,
  admissionModule,
  guestAccessModule,
  joinPageModule,
  moderationModule,
  mutingModule,
  successionModule,
  lifecycleModule,
  occurrencesModule,
  liveSyncModule,
  movesModule,
  breakoutsModule,
  pollsModule,
  offboardingModule,
];
