import { idSchema } from '../../kernel/core/index.ts';

export const callIdSchema = idSchema('call');

/** Whether a LiveKit room is a call of this product: such a room has the call's id as its name. */
export const isCallRoom = (room: string): boolean => callIdSchema.safeParse(room).success;
