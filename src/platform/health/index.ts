export type { Dependency, Finding, HealthMonitor, Probe } from './health.ports.ts';
export { healthRoutes } from './health.routes.ts';
export { createMonitor, type MonitorOptions } from './monitor.ts';
export {
  aiProviderProbe,
  compressionProbe,
  databaseProbe,
  liveKitProbe,
  mailProbe,
  objectStorageProbe,
  queueProbe,
} from './probes.ts';
