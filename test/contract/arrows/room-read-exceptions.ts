import { READ_THROUGH_ACCESS } from './rules.ts';

const allow = (reason: string, reads: readonly (readonly [from: string, by: string])[]) =>
  reads.map(([from, to]) => ({ rule: READ_THROUGH_ACCESS.name, from, to, reason }));

/** Reads of what belongs to rooms that need not ask `rooms/access`, each for its reason. */
export const ROOM_READ_EXCEPTIONS = [
  ...allow(
    'what copies are is the config of work that was permitted before, and is not shown to the caller',
    [['src/media/compression-config/read-configs.ts', 'readCopyConfig']],
  ),
  ...allow('the policy of the organization belongs to no room', [
    ['src/intelligence/moderation-policies/manage-policies.ts', 'getPolicy'],
  ]),
  ...allow('a process of the platform gets its own agents in calls, and nothing else of a room', [
    ['src/intelligence/call-agents/answer-in-call.ts', 'answerInCall'],
    ['src/intelligence/call-agents/report-speech.ts', 'takeReport'],
  ]),
  ...allow(
    'a rating is the own one of its person, or is listed without its answer; `getSummary` asks who may read',
    [
      ['src/intelligence/ratings/find-answer.ts', 'findSummary'],
      ['src/intelligence/ratings/rate-answers.ts', 'rateAnswer'],
      ['src/intelligence/ratings/rate-answers.ts', 'getRating'],
      ['src/intelligence/ratings/rate-answers.ts', 'listRatings'],
    ],
  ),
  ...allow('the call was found by `requireCall` before, for somebody to whom it shows', [
    ['src/intelligence/call-questions/ask-question.ts', 'getQuestion'],
    ['src/intelligence/call-questions/ask-question.ts', 'listQuestions'],
    ['src/intelligence/call-questions/read-lines.ts', 'readLines'],
  ]),
  ...allow('the recording was found before, for somebody to whom its room shows', [
    ['src/media/recording-compressions/manage-recording-compressions.ts', 'listCompressions'],
    ['src/media/recording-compressions/manage-recording-compressions.ts', 'findCompression'],
    ['src/intelligence/playback-transcripts/read-playback-transcript.ts', 'readSpokenDuring'],
  ]),
  ...allow(
    'a reader of memories carries `restrictedViewer`: `isReadable` and `readableSpaces` apply `isShownTo`',
    [
      ['src/intelligence/memory/change-memory.ts', 'updateMemory'],
      ['src/intelligence/memory/read-memories.ts', 'getMemory'],
      ['src/intelligence/memory/read-memories.ts', 'listMemories'],
      ['src/intelligence/memory-versions/list-versions.ts', 'listVersions'],
      ['src/intelligence/memory-search/recall-memories.ts', 'recallMemories'],
    ],
  ),
  ...allow(
    'nothing of it is shown before `getFile` or `findRecording` has let the caller read what it was made of',
    [
      ['src/intelligence/memory-storing/resolve-source.ts', 'resolvePassage'],
      ['src/intelligence/summaries/read-summaries.ts', 'findSummary'],
      ['src/intelligence/summaries/read-summaries.ts', 'listSummaries'],
      ['src/intelligence/transcripts/change-transcription.ts', 'findSegment'],
      ['src/intelligence/transcript-exports/export-transcript.ts', 'exportTranscript'],
    ],
  ),
  ...allow('the system acts: a subscriber, a sweep or a live room; no person gets what it reads', [
    ['src/intelligence/moderation-policies/find-policy.ts', 'readChangedRules'],
    ['src/intelligence/moderation-reviews/end-reviews.ts', 'takeBackOnce'],
    ['src/intelligence/moderation-reviews/hold-message.ts', 'holdOnce'],
    ['src/intelligence/captions/report-token.ts', 'findReporting'],
    ['src/intelligence/captions/receive-report.ts', 'storeReport'],
    ['src/media/previews/previews.meters.ts', 'previews'],
    ['src/media/compression-runs/advance-compression.ts', 'advanceCompression'],
    ['src/media/uploads/write-upload.ts', 'forgetIfGone'],
    ['src/messaging/chat/read-messages.ts', 'findMessage'],
    ['src/people/ringing/expire-rings.ts', 'expireIfDue'],
    ['src/rooms/admission/enforce-admission.ts', 'findInvalidConnections'],
    ['src/rooms/links/release-waiting.ts', 'releaseWaiting'],
    ['src/rooms/moves/find-moved-away.ts', 'findMovedAway'],
  ]),
  ...allow('figures of the whole organization, for administrators; they name no room', [
    ['src/analytics/realtime/get-realtime-analytics.ts', 'getRealtimeAnalytics'],
    ['src/analytics/ai-quality/read-quality.ts', 'getAnswerQuality'],
    ['src/analytics/ai-quality/read-quality.ts', 'compareModels'],
    ['src/analytics/compression-stats/read-compression-stats.ts', 'getBandwidthSavings'],
    ['src/analytics/compression-stats/read-compression-stats.ts', 'getEncoderPerformance'],
    ['src/analytics/compression-stats/read-compression-stats.ts', 'getQualityDistribution'],
    ['src/billing/spending/read-spending.ts', 'readSpending'],
  ]),
  ...allow('asks for more than access to the room: to have been in the call oneself', [
    ['src/insights/quality/give-feedback.ts', 'giveFeedback'],
    ['src/insights/quality/read-quality.ts', 'getCallQuality'],
    ['src/insights/quality/read-quality.ts', 'listSamples'],
    ['src/insights/quality/store-samples.ts', 'storeSamples'],
    ['src/media/recommendations/follow-recommendation.ts', 'followRecommendation'],
    ['src/media/recommendations/read-recommendations.ts', 'getSession'],
    ['src/media/recommendations/read-recommendations.ts', 'listMetrics'],
    ['src/media/recommendations/read-recommendations.ts', 'getPerformanceSummary'],
  ]),
  ...allow('presence says that a person is in a call, never in which', [
    ['src/people/presence/notify-watchers.ts', 'buildPresenceUpdate'],
    ['src/people/presence/read-presence.ts', 'getOwnPresence'],
    ['src/people/presence/read-presence.ts', 'readPresenceViews'],
  ]),
  ...allow('asks for more than that the room shows: the files that a person who is in it may read', [
    ['src/messaging/chat/find-files-to-show.ts', 'findFilesToShow'],
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
  ...allow(
    'an upload shows to the one who began it and to those who manage all files, wherever it will be shared',
    [
      ['src/media/uploads/list-uploads.ts', 'listUploads'],
      ['src/media/uploads/write-upload.ts', 'findUpload'],
    ],
  ),
  ...allow('links to a file show to its owner and to those who manage all files, wherever it was shared', [
    ['src/media/file-links/manage-file-links.ts', 'createFileLink'],
    ['src/media/file-links/manage-file-links.ts', 'listFileLinks'],
    ['src/media/file-links/manage-file-links.ts', 'revokeFileLink'],
  ]),
  ...allow('the token of a link is the credential for its file, wherever that was shared', [
    ['src/media/file-links/open-shared-file.ts', 'findSharedFile'],
    ['src/media/file-links/open-shared-file.ts', 'openSharedContent'],
  ]),
  ...allow('the owner of a public file shows it to everybody, wherever it was shared', [
    ['src/media/downloads/open-public-content.ts', 'openPublicContent'],
  ]),
  ...allow('the ticket of a move is the credential for its room', [
    ['src/rooms/moves/enter-room.ts', 'enterRoom'],
  ]),
];
