import { foldModules } from '../src/kernel/modules/index.ts';
import { modules } from '../src/modules.ts';

/** Every frame of the room's socket that a verb answers. */
export const roomFrames = foldModules(modules, 'frames');
