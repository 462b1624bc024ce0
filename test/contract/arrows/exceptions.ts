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

/**
 * Commits of the system that more than subscriptions and scheduled tasks reach: a live object, a webhook, a process of the
 * platform, a verb. The change records what others did.
 */
const OF_THE_SYSTEM: readonly Verb[] = [
  ['src/calls/sync/store-cluster-event.ts', 'storeBatch'],
  ['src/intelligence/moderation-reviews/end-reviews.ts', 'withdraw'],
  ['src/media/compression-runs/advance-compression.ts', 'commitProgress'],
  ['src/messaging/chat/store-chat-events.ts', 'storeChatEvents'],
  ['src/intelligence/generations/finish-generation.ts', 'finishGeneration'],
  ['src/intelligence/generation-runs/hold-hedge.ts', 'holdTokens'],
  ['src/intelligence/generation-batches/end-batch.ts', 'failBatch'],
  ['src/intelligence/answer-cache/reuse-answers.ts', 'keepAnswer'],
  ['src/intelligence/agent-conversations/store-answer.ts', 'storeEnd'],
  ['src/intelligence/call-agents/poll-call-agents.ts', 'change'],
  ['src/intelligence/call-agents/report-speech.ts', 'storeReport'],
  ['src/intelligence/call-agents/poll-call-agents.ts', 'end'],
  ['src/intelligence/captions/receive-report.ts', 'storeReport'],
  ['src/intelligence/live-translations/speak-translation.ts', 'closeChannels'],
  ['src/intelligence/speech-usage/use-speech.ts', 'countSpeech'],
  ['src/people/ringing/expire-rings.ts', 'expireIfDue'],
  ['src/platform/operations/define-operation.ts', 'recordEvent'],
  ['src/billing/provider-events/receive-provider-event.ts', 'storeEvent'],
  ['src/billing/invoices/apply-invoice.ts', 'forget'],
  ['src/billing/invoices/apply-invoice.ts', 'store'],
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
    ['src/intelligence/speech-usage/use-speech.ts', 'useCounted'],
  ]),
  ...exempt([COMMIT_IS_AUDITED], 'the reply to a repeated request: nothing else is stored', [
    ['src/intelligence/translations/model-engine.ts', 'translateByModel'],
  ]),
  ...exempt([COMMIT_IS_AUDITED], 'frequent, and the rows are a record themselves: they are never changed', [
    ['src/billing/usage/receive-usage-events.ts', 'receiveUsageEvents'],
    ['src/intelligence/generations/start-generation.ts', 'storeRow'],
  ]),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'the system is the actor: it records or completes what others did',
    OF_THE_SYSTEM,
  ),
  ...exempt([COMMIT_HAS_AUTHORITY], 'the system is the actor: a subscriber or a sweep', [
    ['src/intelligence/moderation-reviews/hold-message.ts', 'holdOnce'],
    ['src/billing/subscriptions/sync-subscription.ts', 'applyTruth'],
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
    ['src/intelligence/generation-batches/change-batch.ts', 'markCanceling'],
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
    'anybody may ask for a mail; nothing of the account changes before its link is used, which is audited',
    [
      ['src/identity/recovery/request-password-reset.ts', 'requestPasswordReset'],
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
    'a step of a verb that has checked its caller: the credential that a connection has is renewed, has ended, or lacks scope',
    [
      ['src/intelligence/mcp-connections/use-credential.ts', 'storeGrant'],
      ['src/intelligence/mcp-connections/use-credential.ts', 'renew'],
      ['src/intelligence/mcp-connections/use-credential.ts', 'refuseScope'],
    ],
  ),
  ...exempt(
    [COMMIT_IS_AUDITED, COMMIT_HAS_AUTHORITY],
    'what a recall used of a provider and of the memories, noted after the verb had checked its caller',
    [
      ['src/intelligence/memory-search/recall-memories.ts', 'embedQuery'],
      ['src/intelligence/memory-search/recall-memories.ts', 'noteRecalled'],
    ],
  ),
  ...exempt([COMMIT_IS_AUDITED], 'a step of a verb whose own commit has the entry', [
    ['src/intelligence/generation-batches/create-batch.ts', 'submit'],
    ['src/intelligence/mcp-consents/give-consent.ts', 'takeGrant'],
    ['src/billing/customers/ensure-customer.ts', 'ensureCustomer'],
    ['src/billing/plan-changes/take-command.ts', 'answerDone'],
    ['src/billing/plan-changes/command-subscription.ts', 'interrupt'],
  ]),
  ...exempt([COMMIT_IS_AUDITED], 'what people think of answers is no matter of the audit log', [
    ['src/intelligence/ratings/rate-answers.ts', 'rateAnswer'],
    ['src/intelligence/ratings/rate-answers.ts', 'deleteRating'],
  ]),
  ...exempt(
    [COMMIT_IS_AUDITED],
    'the audit log has nothing of private conversations, but what their tools do',
    [
      ['src/intelligence/agent-conversations/decide-calls.ts', 'decideCalls'],
      ['src/intelligence/agent-conversations/manage-conversations.ts', 'createConversation'],
      ['src/intelligence/agent-conversations/manage-conversations.ts', 'deleteConversation'],
    ],
  ),
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
      ['src/intelligence/thoughts/add-thought.ts', 'addThought'],
      ['src/intelligence/ai-preferences/manage-preferences.ts', 'setPersonalPreferences'],
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
      ['src/calls/included-use/forget-holds.ts', 'forgetHolds'],
      ['src/identity/email-changes/purge-expired-changes.ts', 'purgeExpiredChanges'],
      ['src/identity/recovery/purge-expired-verifications.ts', 'purgeExpiredVerifications'],
      ['src/identity/sessions/purge-expired-sessions.ts', 'purgeExpiredSessions'],
      ['src/insights/quality/store-samples.ts', 'deleteExpiredSamples'],
      ['src/media/recommendations/delete-old-recommendations.ts', 'deleteOldRecommendations'],
      ['src/analytics/ai-alerts/sweep-alerts.ts', 'deleteOldAlerts'],
      ['src/intelligence/generation-batches/poll-batches.ts', 'forgetBatches'],
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
  {
    rule: 'a module is imported through its index',
    from: 'workers/captions/translate.ts',
    to: 'src/intelligence/translations/glossary.rules.ts',
    reason:
      'the image of the captions has this file of the source alone, and none of the packages that the index needs',
  },
  ...COMMIT_EXCEPTIONS,
  ...ROOM_READ_EXCEPTIONS,
];
