import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { enforceMoves } from './apply-moves.ts';
import { participantMoved } from './moves.events.ts';

export const moveSubscriptions: readonly Subscription[] = [
  subscribe(participantMoved, 'moves.enforce', enforceMoves),
];
