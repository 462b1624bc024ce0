/** Why an egress was asked to stop that nobody stopped. */
type GroundReason = 'call_ended' | 'room_deleted' | 'organization_deleted' | 'switched_off' | 'not_included';

/** What decides whether an egress may run. */
export interface EgressGround {
  callStatus: string;
  isRoomDeleted: boolean;
  isOrganizationDeleted: boolean;
  /** The room's setting. */
  isSwitchedOn: boolean;
  /** The plan's. */
  isIncluded: boolean;
}

/** Why an egress has to stop; null while it may run. */
export function stopReasonOf(ground: EgressGround): GroundReason | null {
  if (ground.isOrganizationDeleted) return 'organization_deleted';
  if (ground.isRoomDeleted) return 'room_deleted';
  if (!['waiting', 'active'].includes(ground.callStatus)) return 'call_ended';
  if (!ground.isSwitchedOn) return 'switched_off';
  return ground.isIncluded ? null : 'not_included';
}
