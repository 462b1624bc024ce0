export { defineMeter, type Meter, type UsageDimensions, type UsageFact } from './define-meter.ts';
export {
  defineModule,
  foldModules,
  type ModuleManifest,
  type Retention,
  type ScheduledTask,
} from './define-module.ts';
