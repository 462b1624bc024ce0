import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { endOldMedia, enforceMoves } from './apply-moves.ts';
import { mediaGraceEnded, participantMoved } from './moves.events.ts';

export const moveSubscriptions: readonly Subscription[] = [
  subscribe(participantMoved, 'moves.enforce', enforceMoves),
  subscribe(mediaGraceEnded, 'moves.end-old-media', endOldMedia),
];
