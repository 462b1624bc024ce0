export type { AddressKind } from './address.rules.ts';
export { createOutgoing } from './create-outgoing.ts';
export { createResolver } from './create-resolver.ts';
export { isAddressRefusal, outgoingErrors } from './outgoing.errors.ts';
export type { Outgoing, OutgoingAnswer, OutgoingRequest, Resolver } from './outgoing.ports.ts';
