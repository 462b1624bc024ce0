import type { ModuleManifest } from './kernel/modules/index.ts';
import { kernelModules } from './kernel/index.ts';
import { platformModules } from './platform/index.ts';
import { identityModules } from './identity/index.ts';
import { realtimeModules } from './realtime/index.ts';
import { callsModules } from './calls/index.ts';
import { roomsModules } from './rooms/index.ts';
import { peopleModules } from './people/index.ts';
import { insightsModules } from './insights/index.ts';
import { mediaModules } from './media/index.ts';
import { messagingModules } from './messaging/index.ts';
import { intelligenceModules } from './intelligence/index.ts';
import { createBillingModules } from './billing/index.ts';
import { analyticsModules } from './analytics/index.ts';

/** The modules of the domains before billing, whose meters it records. */
const meteredModules: readonly ModuleManifest[] = [
  ...kernelModules,
  ...platformModules,
  ...identityModules,
  ...realtimeModules,
  ...callsModules,
  ...roomsModules,
  ...peopleModules,
  ...insightsModules,
  ...mediaModules,
  ...messagingModules,
  ...intelligenceModules,
];

/** Every module of the product, domain by domain in the order of their arrows. */
export const modules: readonly ModuleManifest[] = [
  ...meteredModules,
  ...createBillingModules(meteredModules),
  ...analyticsModules,
];
