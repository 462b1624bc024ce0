import { READ_THROUGH_ACCESS } from './rules.ts';

const allow = (reason: string, reads: readonly (readonly [from: string, by: string])[]) =>
  reads.map(([from, to]) => ({ rule: READ_THROUGH_ACCESS.name, from, to, reason }));

/** Reads of what belongs to rooms that need not ask `rooms/access`, each for its reason. */
export const ROOM_READ_EXCEPTIONS = [
  ...allow('the system acts: a subscriber, a sweep or a live room; no person gets what it reads', [
    ['src/calls/sync/close-orphaned-calls.ts', 'closeOrphanedCalls'],
    ['src/calls/sync/delete-cluster-room.ts', 'deleteClusterRoom'],
    ['src/calls/sync/reconcile-calls.ts', 'reconcile'],
    ['src/calls/sync/reduce-cluster-events.ts', 'reduceBatch'],
    ['src/calls/sync/sweep-cluster.ts', 'deleteEndedRooms'],
    ['src/calls/sync/sweep-cluster.ts', 'sweepBatch'],
    ['src/calls/sync/sweep-cluster.ts', 'sweepCall'],
    ['src/messaging/chat/read-messages.ts', 'findMessage'],
    ['src/people/ringing/expire-rings.ts', 'expireIfDue'],
    ['src/people/ringing/expire-rings.ts', 'sweepRings'],
    ['src/people/ringing/ringing.subscriptions.ts', 'withRing'],
    ['src/people/ringing/silence-ring.ts', 'silenceIfBlocked'],
    ['src/rooms/admission/enforce-admission.ts', 'enforceAdmission'],
    ['src/rooms/admission/enforce-admission.ts', 'findInvalidConnections'],
    ['src/rooms/breakouts/sync-breakouts.ts', 'closeGroupsOfRoom'],
    ['src/rooms/breakouts/sync-breakouts.ts', 'closeSessionById'],
    ['src/rooms/breakouts/sync-breakouts.ts', 'recallDueBreakouts'],
    ['src/rooms/breakouts/sync-breakouts.ts', 'syncBreakouts'],
    ['src/rooms/breakouts/sync-breakouts.ts', 'syncRemoval'],
    ['src/rooms/breakouts/sync-breakouts.ts', 'syncRoles'],
    ['src/rooms/lifecycle/end-call-of-deleted-room.ts', 'endCallOfDeletedRoom'],
    ['src/rooms/lifecycle/warn-ending-calls.ts', 'warnEndingCalls'],
    ['src/rooms/live-sync/sync-call.ts', 'syncCall'],
    ['src/rooms/live-sync/sync-member-role.ts', 'syncMemberRole'],
    ['src/rooms/live-sync/sync-room.ts', 'syncRoom'],
    ['src/rooms/live-sync/sync-room.ts', 'syncRoomEnd'],
    ['src/rooms/links/release-waiting.ts', 'releaseWaiting'],
    ['src/rooms/lobby/decide-lobby.ts', 'reapplyDecisions'],
    ['src/rooms/lobby/notify-hosts.ts', 'notifyHosts'],
    ['src/rooms/lobby/sweep-lobby.ts', 'sweepLobby'],
    ['src/rooms/moderation/change-role.ts', 'showRoles'],
    ['src/rooms/moderation/enforce-grants.ts', 'enforceGrants'],
    ['src/rooms/moderation/exclude-participant.ts', 'excludeParticipant'],
    ['src/rooms/moderation/remove-participant.ts', 'enforceRemoval'],
    ['src/rooms/moves/apply-moves.ts', 'endOldMedia'],
    ['src/rooms/moves/apply-moves.ts', 'enforceMoves'],
    ['src/rooms/offboarding/disconnect-credential.ts', 'disconnectEnded'],
    ['src/rooms/offboarding/offboard-member.ts', 'disconnectFormerMember'],
    ['src/rooms/offboarding/offboard-organization.ts', 'closeRooms'],
    ['src/rooms/offboarding/offboard-organization.ts', 'forgetLiveRooms'],
    ['src/rooms/polls/sync-poll.ts', 'syncPoll'],
  ]),
  ...allow('figures of the whole organization, for administrators; they name no room', [
    ['src/analytics/realtime/get-realtime-analytics.ts', 'getRealtimeAnalytics'],
  ]),
  ...allow('asks for more than access to the room: to have been in the call oneself', [
    ['src/insights/quality/give-feedback.ts', 'giveFeedback'],
    ['src/insights/quality/read-quality.ts', 'getCallQuality'],
    ['src/insights/quality/read-quality.ts', 'listSamples'],
    ['src/insights/quality/store-samples.ts', 'storeSamples'],
  ]),
  ...allow('presence says that a person is in a call, never in which', [
    ['src/people/presence/notify-watchers.ts', 'buildPresenceUpdate'],
    ['src/people/presence/presence.subscriptions.ts', 'publishPresenceOfParticipant'],
    ['src/people/presence/read-presence.ts', 'getOwnPresence'],
    ['src/people/presence/read-presence.ts', 'readPresenceViews'],
  ]),
  ...allow('a ring shows to the two people that it is between, and to nobody else', [
    ['src/people/ringing/answer-ring.ts', 'getRing'],
    ['src/people/ringing/answer-ring.ts', 'listRings'],
  ]),
  ...allow('the code of the link is the credential for its room', [
    ['src/rooms/guest-access/join-as-member.ts', 'joinAsMember'],
    ['src/rooms/guest-access/join-by-link.ts', 'joinByLink'],
    ['src/rooms/guest-access/validate-link.ts', 'previewLink'],
  ]),
  ...allow('the ticket of a move is the credential for its room', [
    ['src/rooms/moves/enter-room.ts', 'enterRoom'],
  ]),
];
