import type { Services } from '../src/kernel/context/index.ts';

type ServicesResolver = (env: Env) => Services;

let resolver: ServicesResolver | undefined;

/** Sets what builds the services of an isolate. The Worker's entry calls it: it alone reads the configuration. */
export function setServicesResolver(resolve: ServicesResolver): void {
  resolver = resolve;
}

/** The services of this isolate. */
export function resolveServices(env: Env): Services {
  if (!resolver) throw new Error('setServicesResolver was not called');
  return resolver(env);
}
