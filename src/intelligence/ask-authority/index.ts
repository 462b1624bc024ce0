export type * from './ask-authority.ports.ts';
export { asMember } from './as-member.ts';
export { holdGround } from './ask-authority.queries.ts';
export { createProvenAskers } from './create-proven-askers.ts';
export { proveAsker } from './prove-asker.ts';
export { readGround } from './read-ground.ts';
