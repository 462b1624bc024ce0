import { qualityFrames } from '../src/meetings/quality/index.ts';
import type { RoomVerb } from '../src/meetings/realtime/index.ts';

/** Every frame that a verb answers, room by room. */
export const roomVerbs: readonly RoomVerb[] = [...qualityFrames];
