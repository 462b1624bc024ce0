import { reduce, type Reducers, type RoomServerFrame } from '../frames.ts';

export interface RoomFlags {
  locked: boolean;
  /** Identity in the spotlight; null for none. */
  spotlight: string | null;
}

const REDUCERS: Reducers<RoomFlags> = {
  welcome: (_, { state: { locked, spotlight } }) => ({ locked, spotlight }),
  'room.locked': (flags, { locked }) => ({ ...flags, locked }),
  'spotlight.changed': (flags, { identity }) => ({ ...flags, spotlight: identity }),
};

/** The flags of the whole room, after one more frame. */
export const reduceFlags = (flags: RoomFlags, frame: RoomServerFrame): RoomFlags =>
  reduce(REDUCERS, flags, frame);
