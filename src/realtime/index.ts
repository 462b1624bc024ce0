import type { ModuleManifest } from '../kernel/modules/index.ts';
import { protocolModule } from './protocol/module.ts';
import { roomSessionModule } from './room-session/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const realtimeModules: readonly ModuleManifest[] = [protocolModule, roomSessionModule];
