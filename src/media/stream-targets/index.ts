export { findRefused } from './check-targets.ts';
export { createTarget } from './create-target.ts';
export { TARGET_REASONS, TARGET_STATES } from './stream-targets.enums.ts';
export {
  addressOf,
  endTarget,
  endTargets,
  isTargetOver,
  MAX_TARGETS,
  MAX_TARGETS_EVER,
  type NewTarget,
  protocolOf,
  reportedForm,
  type StreamTarget,
  type TargetAddress,
  targetsByReport,
} from './stream-targets.rules.ts';
export { newTargetExample, newTargetSchema } from './stream-targets.schemas.ts';
export { openAddresses, resealAddresses } from './target-secrets.ts';
