export {
  defineModule,
  foldModules,
  type ModuleManifest,
  type Retention,
  type ScheduledTask,
} from './define-module.ts';
