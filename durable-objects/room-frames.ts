import { lobbyFrames } from '../src/rooms/lobby/index.ts';
import { breakoutFrames } from '../src/rooms/breakouts/index.ts';
import { lifecycleFrames } from '../src/rooms/lifecycle/index.ts';
import { moderationFrames } from '../src/rooms/moderation/index.ts';
import { moveFrames } from '../src/rooms/moves/index.ts';
import { pollFrames } from '../src/rooms/polls/index.ts';
import { qualityFrames } from '../src/insights/quality/index.ts';
import type { RoomVerb } from '../src/realtime/protocol/index.ts';

/** Every frame that a verb answers, room by room. */
export const roomFrames: readonly RoomVerb[] = [
  ...lobbyFrames,
  ...moderationFrames,
  ...lifecycleFrames,
  ...moveFrames,
  ...breakoutFrames,
  ...pollFrames,
  ...qualityFrames,
];
