import type { ModuleManifest } from '../kernel/modules/index.ts';
import { chatModule } from './chat/module.ts';
import { playbackMessagesModule } from './playback-messages/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const messagingModules: readonly ModuleManifest[] = [chatModule, playbackMessagesModule];
