import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { formerLiveCommandsIssued, liveCommandsIssued } from './protocol.events.ts';

export const protocolSubscriptions: readonly Subscription[] = [
  subscribe(
    [liveCommandsIssued, formerLiveCommandsIssued],
    'protocol.apply-live-commands',
    ({ ports }, { roomId, commands }) => ports.liveRooms.apply(roomId, commands),
  ),
];
