import type { ModuleManifest } from '../kernel/modules/index.ts';
import { bucketsModule } from './buckets/module.ts';
import { compressionAlertsModule } from './compression-alerts/module.ts';
import { compressionContainersModule } from './compression-containers/module.ts';
import { compressionConfigModule } from './compression-config/module.ts';
import { fileCompressionsModule } from './file-compressions/module.ts';
import { dialInsModule } from './dial-ins/module.ts';
import { downloadsModule } from './downloads/module.ts';
import { fileErasureModule } from './file-erasure/module.ts';
import { fileLinksModule } from './file-links/module.ts';
import { failureNoticesModule } from './failure-notices/module.ts';
import { filesModule } from './files/module.ts';
import { incomingFilesModule } from './incoming-files/module.ts';
import { liveNoticesModule } from './live-notices/module.ts';
import { phoneCallsModule } from './phone-calls/module.ts';
import { phoneNumbersModule } from './phone-numbers/module.ts';
import { phoneTransfersModule } from './phone-transfers/module.ts';
import { phoneTrunksModule } from './phone-trunks/module.ts';
import { playbackModule } from './playback/module.ts';
import { ingressesModule } from './ingresses/module.ts';
import { ingressKeysModule } from './ingress-keys/module.ts';
import { previewsModule } from './previews/module.ts';
import { recommendationsModule } from './recommendations/module.ts';
import { recordingCompressionsModule } from './recording-compressions/module.ts';
import { recordingDownloadsModule } from './recording-downloads/module.ts';
import { recordingErasureModule } from './recording-erasure/module.ts';
import { recordingHoldsModule } from './recording-holds/module.ts';
import { recordingRequestsModule } from './recording-requests/module.ts';
import { recordingSweepsModule } from './recording-sweeps/module.ts';
import { recordingsModule } from './recordings/module.ts';
import { scansModule } from './scans/module.ts';
import { storageModule } from './storage/module.ts';
import { streamsModule } from './streams/module.ts';
import { uploadsModule } from './uploads/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const mediaModules: readonly ModuleManifest[] = [
  storageModule,
  filesModule,
  fileErasureModule,
  incomingFilesModule,
  uploadsModule,
  scansModule,
  downloadsModule,
  fileLinksModule,
  previewsModule,
  compressionConfigModule,
  recommendationsModule,
  bucketsModule,
  recordingsModule,
  recordingSweepsModule,
  fileCompressionsModule,
  compressionContainersModule,
  compressionAlertsModule,
  recordingCompressionsModule,
  recordingRequestsModule,
  recordingDownloadsModule,
  recordingHoldsModule,
  recordingErasureModule,
  playbackModule,
  streamsModule,
  ingressesModule,
  ingressKeysModule,
  phoneTrunksModule,
  phoneNumbersModule,
  phoneCallsModule,
  phoneTransfersModule,
  dialInsModule,
  liveNoticesModule,
  failureNoticesModule,
];
