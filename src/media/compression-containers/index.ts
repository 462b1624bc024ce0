export { ContainerInstance, type ContainerRuntime, type ServiceContainer } from './container-instance.ts';
export { instanceOf } from './instances.rules.ts';
