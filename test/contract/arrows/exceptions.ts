import { ROOM_READ_EXCEPTIONS } from './room-read-exceptions.ts';
import {
  CALL_EARLIER_FUNCTIONS,
  COMMIT_HAS_AUTHORITY,
  COMMIT_IS_AUDITED,
  COMMIT_THROUGH_CONTEXT,
  OWNER_WRITES,
  READ_EARLIER_TABLES,
  type RuleText,
} from './rules.ts';

/** A violation that is allowed to stay. */
export interface Exception {
  rule: RuleText['name'];
  from: string;
  /** What `from` imports, the table it uses, or its function that commits. */
  to: string;
  reason: string;
}

type Verb = [from: string, verb: string];

/** Exceptions of verbs that share rules and a reason. */
const exempt = (rules: readonly RuleText[], reason: string, verbs: readonly Verb[]): Exception[] =>
  verbs.flatMap(([from, to]) => rules.map((rule) => ({ rule: rule.name, from, to, reason })));

/** Commits of a subscriber, a sweep or a webhook: the system is the actor, and the change records what others did. */
const OF_THE_SYSTEM: readonly Verb[] = [
  ['src/analytics/cost-insights/measure-insights.ts', 'measureOrganization'],
  ['src/analytics/rollups/measure-call.ts', 'measureCall'],
  ['src/analytics/rollups/refresh-rollups.ts', 'followTimeZone'],
  ['src/calls/calls/calls.subscriptions.ts', 'anonymiseParticipants'],
  ['src/calls/calls/add-evidence.ts', 'addEvidence'],
  ['src/calls/sync/reconcile-calls.ts', 'requeueAndPruneEvents'],
  ['src/calls/sync/reduce-cluster-events.ts', 'reduceBatch'],
  ['src/calls/sync/store-cluster-event.ts', 'storeBatch'],
  ['src/calls/sync/sweep-cluster.ts', 'sweepBatch'],
  ['src/intelligence/memory-forgetting/memory-forgetting.subscriptions.ts', 'forget'],
  ['src/intelligence/memory-forgetting/sweep-memories.ts', 'sweepMemories'],
  ['src/intelligence/memory-forgetting/sweep-memories.ts', 'sweepLostSources'],
  ['src/intelligence/memory-search/embed-memories.ts', 'embedBatch'],
  ['src/intelligence/memory-search/embed-memories.ts', 'embedMemories'],
  ['src/intelligence/memory-search/embed-memories.ts', 'sweepUnembedded'],
  ['src/intelligence/transcription-runs/advance-transcription.ts', 'storePiece'],
  ['src/intelligence/transcription-runs/advance-transcription.ts', 'commitWait'],
  ['src/intelligence/transcription-runs/sweep-transcriptions.ts', 'sweepTranscriptions'],
  ['src/media/recommendations/recommend.ts', 'recommend'],
  ['src/media/compression-runs/advance-compression.ts', 'commitProgress'],
  ['src/media/scans/sweep-scans.ts', 'sweepFiles'],
  ['src/messaging/chat/store-chat-events.ts', 'storeChatEvents'],
  ['src/intelligence/generations/finish-generation.ts', 'finishGeneration'],
  ['src/intelligence/agent-conversations/store-answer.ts', 'storeEnded'],
  ['src/people/ringing/expire-rings.ts', 'expireIfDue'],
  ['src/people/ringing/withdraw-rings.ts', 'cancelRings'],
  ['src/people/ringing/withdraw-rings.ts', 'silenceIfBlocked'],
  ['src/platform/operations/define-operation.ts', 'recordEvent'],
  ['src/rooms/breakouts/sync-breakouts.ts', 'syncRemoval'],
  ['src/rooms/breakouts/sync-breakouts.ts', 'syncRoles'],
  ['src/rooms/lifecycle/end-call-of-deleted-room.ts', 'endCallOfDeletedRoom'],
  ['src/rooms/live-sync/sync-member-role.ts', 'scheduleMemberRoleSync'],
  ['src/rooms/live-sync/sync-room.ts', 'scheduleForget'],
  ['src/rooms/lobby/sweep-lobby.ts', 'expireOverdueEntries'],
  ['src/rooms/offboarding/offboard-member.ts', 'scheduleSecondDisconnect'],
  ['src/rooms/offboarding/disconnect-credential.ts', 'scheduleSecondRun'],
  ['src/rooms/offboarding/offboard-organization.ts', 'startOrganizationOffboarding'],
  ['src/rooms/offboarding/offboard-organization.ts', 'closeRooms'],
  ['src/rooms/offboarding/offboard-organization.ts', 'forgetLiveRooms'],
  ['src/rooms/offboarding/offboard-organization.ts', 'closeInboxes'],
  ['src/platform/mail/send-mails.ts', 'noteSent'],
  ['src/billing/usage/record-usage.ts', 'recordUsage'],
  ['src/billing/alerts/raise-alerts.ts', 'raiseAlerts'],
  ['src/billing/spending/settle-spending.ts', 'settleOnce'],
  ['src/billing/provider-events/receive-provider-event.ts', 'storeEvent'],
  ['src/billing/provider-events/sweep-provider-events.ts', 'sweepProviderEvents'],
  ['src/billing/costs/calculate-costs.ts', 'calculateCosts'],
  ['src/billing/invoices/apply-invoice.ts', 'forget'],
  ['src/billing/invoices/apply-invoice.ts', 'store'],
  ['src/billing/overage/report-overage.ts', 'commit'],
  ['src/billing/reconciliation/reconcile-customers.ts', 'mark'],
  ['src/billing/invoices/reconcile-invoices.ts', 'storeAttempt'],
  ['src/media/recordings/follow-recordings.ts', 'followReports'],
  ['src/media/storage/sample-storage.ts', 'measureAll'],
  ['src/media/streams/sweep-streams.ts', 'followStreamReports'],
  ['src/media/ingresses/follow-ingresses.ts', 'follow'],
  ['src/media/phone-calls/follow-phone-calls.ts', 'follow'],
  ['src/media/phone-calls/advance-phone-call.ts', 'advanceAndLook'],
  ['src/media/phone-trunks/trunk-password.ts', 'resealPasswords'],
];

const COMMIT_EXCEPTIONS: readonly Exception[] = [
  ...exempt(
    [COMMIT_IS_AUDITED],
    'an upload is recorded once its file is there; one that ends before changed nothing',
    [
      ['src/media/incoming-files/store-file.ts', 'beginUpload'],
      ['src/media/uploads/write-upload.ts', 'extend'],
    ],
  ),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'a count of what the caller has been given, for usage',
    [
      ['src/media/storage/count-download.ts', 'countDownload'],
      ['src/media/recording-downloads/note-opening.ts', 'noteOpening'],
    ],
  ),
  ...exempt([COMMIT_IS_AUDITED], 'a count of what the caller was given, for usage: nothing is stored', [
    ['src/intelligence/speech-usage/use-speech.ts', 'useSpeech'],
  ]),
  ...exempt([COMMIT_IS_AUDITED], 'frequent, and the rows are a record themselves: they are never changed', [
    ['src/billing/usage/receive-usage-events.ts', 'receiveUsageEvents'],
    ['src/intelligence/generations/start-generation.ts', 'startGeneration'],
  ]),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'the system is the actor: it records or completes what others did',
    OF_THE_SYSTEM,
  ),
  ...exempt([COMMIT_HAS_AUTHORITY], 'the system is the actor: a subscriber or a sweep', [
    ['src/intelligence/transcripts/change-transcription.ts', 'eraseTranscripts'],
    ['src/intelligence/transcription-runs/end-transcription.ts', 'endTranscription'],
    ['src/calls/minutes/end-unpaid-calls.ts', 'endCall'],
    ['src/billing/spending/stop-calls.ts', 'endCall'],
    ['src/media/compression-alerts/evaluate-alerts.ts', 'openAlert'],
    ['src/media/compression-alerts/evaluate-alerts.ts', 'raiseSeverity'],
    ['src/media/compression-alerts/evaluate-alerts.ts', 'closeAlert'],
    ['src/media/file-erasure/sweep-files.ts', 'sweepFiles'],
    ['src/media/recording-requests/start-automatic-recording.ts', 'requestRecording'],
    ['src/media/recordings/advance-recording.ts', 'advanceRecording'],
    ['src/media/recordings/keep-object.ts', 'claimReading'],
    ['src/media/recordings/record-at-cluster.ts', 'claim'],
    ['src/media/streams/advance-stream.ts', 'advanceStream'],
    ['src/media/streams/run-stream.ts', 'claim'],
    ['src/media/streams/change-targets.ts', 'claimTargets'],
    ['src/media/ingresses/advance-ingress.ts', 'advanceIngress'],
    ['src/media/ingresses/run-ingress.ts', 'createOnce'],
    ['src/media/ingresses/run-ingress.ts', 'takePlace'],
    ['src/media/phone-calls/advance-phone-call.ts', 'advancePhoneCall'],
    ['src/media/phone-calls/run-phone-call.ts', 'dialOnce'],
    ['src/media/phone-calls/transfer-phone-call.ts', 'settle'],
    ['src/media/phone-calls/transfer-phone-call.ts', 'makeTransfer'],
    ['src/media/scans/scan-file.ts', 'storeVerdict'],
    ['src/media/previews/make-preview.ts', 'storePreview'],
    ['src/media/previews/make-preview.ts', 'recordNoPreview'],
    ['src/media/previews/sweep-previews.ts', 'sweepPreviews'],
    ['src/rooms/live-sync/sync-member-role.ts', 'updateSeatRoles'],
    ['src/rooms/moderation/exclude-participant.ts', 'excludeParticipant'],
    ['src/rooms/muting/apply-mute.ts', 'applyMute'],
    ['src/rooms/succession/appoint-successors.ts', 'appointSuccessor'],
    ['src/rooms/polls/close-polls-of-room.ts', 'closePollsOfRoom'],
    ['src/billing/subscriptions/sync-subscription.ts', 'applyTruth'],
    ['src/analytics/report-schedules/run-schedules.ts', 'settleRun'],
    ['src/analytics/report-schedules/run-schedules.ts', 'pauseSchedule'],
    ['src/analytics/report-schedules/run-schedules.ts', 'startRun'],
  ]),
  ...exempt([COMMIT_HAS_AUTHORITY], 'the verb itself verifies the credential that gives authority', [
    ['src/identity/invitations/accept-as-new-user.ts', 'acceptAsNewUser'],
    ['src/media/file-links/open-shared-file.ts', 'openSharedFile'],
    ['src/identity/email-changes/confirm-email-change.ts', 'confirmEmailChange'],
    ['src/identity/email-changes/stop-email-change.ts', 'stopEmailChange'],
    ['src/identity/recovery/reset-password.ts', 'resetPassword'],
    ['src/identity/recovery/verify-email.ts', 'verifyEmail'],
    ['src/identity/sessions/refresh-session.ts', 'refreshSession'],
    ['src/identity/sessions/refresh-session.ts', 'revokeTokenFamily'],
    ['src/identity/sign-in/log-in.ts', 'startSession'],
  ]),
  ...exempt([COMMIT_HAS_AUTHORITY], 'anybody may sign up, or fail to log in: there is no authority yet', [
    ['src/identity/sign-in/log-in.ts', 'recordFailedLogin'],
    ['src/identity/sign-in/sign-up.ts', 'signUp'],
  ]),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'prices belong to no organization in whose log an entry could be; operators alone reach them, and no price is ever changed',
    [
      ['src/billing/prices/create-prices.ts', 'createPrices'],
      ['src/billing/prices/manage-prices.ts', 'deletePrice'],
    ],
  ),
  ...exempt([COMMIT_HAS_AUTHORITY], 'operators have no account: the route verifies their token', [
    ['src/platform/dead-letters/replay-dead-letters.ts', 'replay'],
    ['src/identity/organizations/set-plan.ts', 'setPlan'],
    ['src/billing/invoices/credit-invoice.ts', 'creditInvoice'],
    ['src/identity/entitlement-grants/create-grant.ts', 'createGrant'],
    ['src/identity/entitlement-grants/revoke-grant.ts', 'revokeGrant'],
    ['src/platform/limits/override-limits.ts', 'setLimitOverrides'],
  ]),
  ...exempt([COMMIT_HAS_AUTHORITY], 'a step of a verb that has decided about the authority before', [
    ['src/platform/operations/define-operation.ts', 'startOperation'],
    ['src/billing/customers/ensure-customer.ts', 'ensureCustomer'],
    ['src/media/file-compressions/compress-file.ts', 'commitCompression'],
    ['src/media/file-compressions/end-compression.ts', 'commitEnd'],
    ['src/media/recording-compressions/compress-recording.ts', 'commitCompression'],
    ['src/media/incoming-files/store-file.ts', 'releaseUpload'],
    ['src/rooms/admission/admit-applicant.ts', 'enterLobby'],
    ['src/rooms/admission/admit-applicant.ts', 'grantSeat'],
    ['src/rooms/lobby/decide-lobby.ts', 'commitLobbyDecision'],
    ['src/rooms/breakouts/recall-people.ts', 'closeSession'],
  ]),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'the system is the actor: an account leaves its organizations with an entry in each, and is then empty',
    [
      ['src/identity/account-deletion/erase-accounts.ts', 'eraseAccount'],
      ['src/identity/account-deletion/erase-accounts.ts', 'deleteEmptyAccounts'],
      ['src/identity/deleted-organizations/erase-organizations.ts', 'eraseDeletedOrganizations'],
    ],
  ),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'the system is the actor: a sweep, which stores the same secret in another encryption',
    [
      ['src/media/buckets/reseal-secrets.ts', 'resealSecrets'],
      ['src/intelligence/provider-keys/reseal-keys.ts', 'resealKeys'],
    ],
  ),
  ...exempt([COMMIT_HAS_AUTHORITY], 'the system is the actor: a sweep', [
    ['src/identity/account-deletion/erase-accounts.ts', 'leaveOrganization'],
  ]),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'anybody may ask for a mail; nothing of the account changes before its link is used, which is audited',
    [
      ['src/identity/recovery/request-password-reset.ts', 'requestPasswordReset'],
      ['src/identity/recovery/request-password-reset.ts', 'createPasswordReset'],
      ['src/identity/sign-in/sign-up.ts', 'refuseTakenAddress'],
    ],
  ),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'a counter of the visits of a link, which anybody may make',
    [['src/rooms/guest-access/validate-link.ts', 'countVisitLater']],
  ),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'what a recall used of a provider, counted after the verb had checked its caller',
    [['src/intelligence/memory-search/recall-memories.ts', 'embedQuery']],
  ),
  ...exempt([COMMIT_IS_AUDITED], 'a step of a verb whose own commit has the entry', [
    ['src/billing/customers/ensure-customer.ts', 'ensureCustomer'],
    ['src/billing/plan-changes/command-subscription.ts', 'answerDone'],
    ['src/billing/plan-changes/command-subscription.ts', 'interrupt'],
  ]),
  ...exempt([COMMIT_IS_AUDITED], 'the entries are in what the commit spreads', [
    ['src/identity/organizations/set-plan.ts', 'setPlan'],
    ['src/identity/invitations/accept-invitation.ts', 'acceptInvitation'],
    ['src/rooms/rooms/create-room.ts', 'createRooms'],
    ['src/people/ringing/start-ring.ts', 'startRing'],
  ]),
  ...exempt(
    [COMMIT_IS_AUDITED],
    'frequent, and nothing of the account changes: a session is kept, a mail is sent',
    [
      ['src/identity/sessions/refresh-session.ts', 'refreshSession'],
      ['src/identity/recovery/verify-email.ts', 'requestEmailVerification'],
    ],
  ),
  ...exempt(
    [COMMIT_IS_AUDITED],
    'what a person does for themselves; an entry would disclose it (a block, a vote) to administrators',
    [
      ['src/people/contacts/create-contact.ts', 'createContact'],
      ['src/people/contacts/update-contact.ts', 'updateContact'],
      ['src/people/contacts/update-contact.ts', 'deleteContact'],
      ['src/people/presence/set-presence.ts', 'setPresence'],
      ['src/people/presence/set-presence.ts', 'updatePresenceSettings'],
      ['src/people/ringing/answer-ring.ts', 'answerRing'],
      ['src/rooms/breakouts/choose-group.ts', 'chooseGroup'],
      ['src/rooms/polls/cast-vote.ts', 'castVote'],
      ['src/insights/quality/give-feedback.ts', 'giveFeedback'],
      ['src/insights/quality/store-samples.ts', 'storeSamples'],
      ['src/media/recommendations/follow-recommendation.ts', 'followRecommendation'],
      ['src/intelligence/memory-settings/change-settings.ts', 'updateSettings'],
    ],
  ),
  ...exempt(
    [COMMIT_IS_AUDITED],
    'a moment of a call (a hand, the spotlight), which its live room alone stores',
    [['src/rooms/moderation/send-live-commands.ts', 'commitLiveCommand']],
  ),
  ...exempt([COMMIT_IS_AUDITED], '`auditStatement` writes its entries: one in the log of each organization', [
    ['src/platform/dead-letters/replay-dead-letters.ts', 'replay'],
  ]),
  ...exempt(
    [COMMIT_THROUGH_CONTEXT],
    'a sweep over all organizations, which removes or repeats expired work',
    [
      ['src/identity/email-changes/purge-expired-changes.ts', 'purgeExpiredChanges'],
      ['src/identity/recovery/purge-expired-verifications.ts', 'purgeExpiredVerifications'],
      ['src/identity/sessions/purge-expired-sessions.ts', 'purgeExpiredSessions'],
      ['src/insights/quality/store-samples.ts', 'deleteExpiredSamples'],
      ['src/media/recommendations/delete-old-recommendations.ts', 'deleteOldRecommendations'],
      ['src/media/compression-alerts/sweep-alerts.ts', 'deleteOldAlerts'],
      ['src/people/ringing/expire-rings.ts', 'sweepRings'],
      ['src/platform/audit-chain/copy-checkpoints.ts', 'copyCheckpoints'],
      ['src/platform/operations/sweep-operations.ts', 'abandonOperation'],
      ['src/platform/operations/sweep-operations.ts', 'sweepOperations'],
      ['src/rooms/lobby/sweep-lobby.ts', 'sweepLobby'],
    ],
  ),
];

/** Every exception to the rules. A test fails when one is no longer needed. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: CALL_EARLIER_FUNCTIONS.name,
    from: 'src/kernel/db/enter-scope.sql',
    to: 'prove_credential',
    reason: 'every batch proves its credential in the statement that begins it; identity supplies the proof',
  },
  {
    rule: READ_EARLIER_TABLES.name,
    from: 'src/identity/entitlements/refuse-beyond-plan.sql',
    to: 'subscriptions',
    reason:
      'a refusal recommends seats only where the subscription takes a change now; read when it refuses, never to decide',
  },
  {
    rule: READ_EARLIER_TABLES.name,
    from: 'src/rooms/access/room-shows-to.sql',
    to: 'contacts',
    reason: 'a list of rooms leaves out those of blocked contacts, which contacts has to write down',
  },
  {
    rule: READ_EARLIER_TABLES.name,
    from: 'src/rooms/admission/room-door.sql',
    to: 'rings',
    reason: 'a person who is rung may enter, which ringing has to write to room_people',
  },
  ...['audit-chain.queries.ts', 'personal-fields.queries.ts'].map((file) => ({
    rule: OWNER_WRITES.name,
    from: `src/platform/audit-chain/${file}`,
    to: 'audit_logs',
    reason: 'the chain fills the seal columns of entries and erases personal fields; it writes no entry',
  })),
  ...COMMIT_EXCEPTIONS,
  ...ROOM_READ_EXCEPTIONS,
];
