export type { Dependency, ProbeResult, HealthMonitor, Probe } from './health.ports.ts';
export { createHealthMonitor, type HealthMonitorOptions } from './health-monitor.ts';
export {
  aiProviderProbe,
  compressionProbe,
  speechProbe,
  databaseProbe,
  liveKitProbe,
  mailProbe,
  objectStorageProbe,
  queueProbe,
} from './probes.ts';
