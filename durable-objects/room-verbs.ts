import { lobbyVerbs } from '../src/meetings/lobby/index.ts';
import { breakoutVerbs } from '../src/meetings/breakouts/index.ts';
import { closingVerbs } from '../src/meetings/closing/index.ts';
import { moderationVerbs } from '../src/meetings/moderation/index.ts';
import { moveVerbs } from '../src/meetings/moves/index.ts';
import { pollVerbs } from '../src/meetings/polls/index.ts';
import { qualityFrames } from '../src/meetings/quality/index.ts';
import type { RoomVerb } from '../src/meetings/realtime/index.ts';

/** Every frame that a verb answers, room by room. */
export const roomVerbs: readonly RoomVerb[] = [
  ...lobbyVerbs,
  ...moderationVerbs,
  ...closingVerbs,
  ...moveVerbs,
  ...breakoutVerbs,
  ...pollVerbs,
  ...qualityFrames,
];
