import { allowedFeatures, disabledFeaturesOf } from '../access/index.ts';
import type { selectLinkByCode } from '../links/index.ts';
import type { VisitView } from './guest-access.schemas.ts';

/** What a code leads to, as it was read. */
export type FoundLink = Awaited<ReturnType<typeof selectLinkByCode>>[number];

/** What a visitor sees of a link. */
export function presentVisit({ link, room, call, recordingRequestedAt }: FoundLink): VisitView {
  return {
    valid: true,
    linkId: link.id,
    type: link.type,
    access: link.access,
    title: link.title,
    description: link.description,
    requiresPassword: link.access === 'password',
    requiresApproval: link.requireApproval || room.lobby,
    autoJoin: link.autoJoin,
    role: link.defaultRole,
    room: {
      id: room.id,
      name: room.name,
      type: room.type,
      status: room.status,
      live: call !== null,
      recordingRequestedAt:
        recordingRequestedAt === null ? null : new Date(recordingRequestedAt).toISOString(),
      recordingConsent: room.recordingConsent,
    },
    features: allowedFeatures(room, disabledFeaturesOf(link)),
  };
}
