export { ingressErrors } from './ingresses.errors.ts';
export type { IngressReason } from './ingresses.enums.ts';
export { ingressChanged, ingressReleased } from './ingresses.events.ts';
export { presentIngress } from './ingresses.present.ts';
export { changeIngress, selectIngress } from './ingresses.queries.ts';
export {
  access as ingressAccess,
  errorsOfOne as errorsOfIngress,
  success as ingressSuccess,
} from './ingresses.routes.ts';
export { ingressParamsSchema } from './ingresses.schemas.ts';
export type { Ingress } from './ingresses.tables.ts';
export { changeEventOf, readWithAccess } from './manage-ingresses.ts';
export { apiOf } from './run-ingress.ts';
