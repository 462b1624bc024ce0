export { askWithinBreaker } from './ask-within-breaker.ts';
export { BreakerBoard } from './breaker-board.ts';
export { BreakerView } from './breaker-view.ts';
export type { ModelBreakers } from './breakers.ports.ts';
export {
  type Breaker,
  type BreakerReport,
  type BreakerState,
  type BreakerTarget,
  stateOf as breakerStateOf,
} from './breakers.rules.ts';
export { SeenBreakers } from './seen-breakers.ts';
