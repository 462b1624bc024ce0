import { lobbyFrames } from '../src/meetings/lobby/index.ts';
import { breakoutFrames } from '../src/meetings/breakouts/index.ts';
import { lifecycleFrames } from '../src/meetings/closing/index.ts';
import { moderationFrames } from '../src/meetings/moderation/index.ts';
import { moveFrames } from '../src/meetings/moves/index.ts';
import { pollFrames } from '../src/meetings/polls/index.ts';
import { qualityFrames } from '../src/meetings/quality/index.ts';
import type { RoomVerb } from '../src/meetings/realtime/index.ts';

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
