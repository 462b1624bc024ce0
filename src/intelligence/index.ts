import type { ModuleManifest } from '../kernel/modules/index.ts';
import { agentConversationsModule } from './agent-conversations/module.ts';
import { agentAssignmentsModule } from './agent-assignments/module.ts';
import { callAgentsModule } from './call-agents/module.ts';
import { agentsModule } from './agents/module.ts';
import { aiBudgetsModule } from './ai-budgets/module.ts';
import { answerCacheModule } from './answer-cache/module.ts';
import { aiPreferencesModule } from './ai-preferences/module.ts';
import { captionsModule } from './captions/module.ts';
import { liveTranslationsModule } from './live-translations/module.ts';
import { generationBatchesModule } from './generation-batches/module.ts';
import { generationsModule } from './generations/module.ts';
import { mcpConformanceModule } from './mcp-conformance/module.ts';
import { mcpConnectionsModule } from './mcp-connections/module.ts';
import { mcpConsentsModule } from './mcp-consents/module.ts';
import { mcpPresetsModule } from './mcp-presets/module.ts';
import { mcpToolCallsModule } from './mcp-tool-calls/module.ts';
import { mcpServerModule } from './mcp-server/module.ts';
import { mcpSessionsModule } from './mcp-sessions/module.ts';
import { moderationChecksModule } from './moderation-checks/module.ts';
import { moderationPoliciesModule } from './moderation-policies/module.ts';
import { moderationReviewsModule } from './moderation-reviews/module.ts';
import { modelsModule } from './models/module.ts';
import { meetingWorkflowsModule } from './meeting-workflows/module.ts';
import { memoryModule } from './memory/module.ts';
import { memoryStoringModule } from './memory-storing/module.ts';
import { memoryForgettingModule } from './memory-forgetting/module.ts';
import { memoryMergingModule } from './memory-merging/module.ts';
import { memoryConsolidationModule } from './memory-consolidation/module.ts';
import { memoryVersionsModule } from './memory-versions/module.ts';
import { memorySettingsModule } from './memory-settings/module.ts';
import { memorySearchModule } from './memory-search/module.ts';
import { routingModule } from './routing/module.ts';
import { providerKeysModule } from './provider-keys/module.ts';
import { ratingsModule } from './ratings/module.ts';
import { recognitionsModule } from './recognitions/module.ts';
import { speechModule } from './speech/module.ts';
import { speechUsageModule } from './speech-usage/module.ts';
import { thoughtsModule } from './thoughts/module.ts';
import { teamRunsModule } from './team-runs/module.ts';
import { teamsModule } from './teams/module.ts';
import { tokenCountsModule } from './token-counts/module.ts';
import { transcriptionRunsModule } from './transcription-runs/module.ts';
import { transcriptExportsModule } from './transcript-exports/module.ts';
import { playbackTranscriptsModule } from './playback-transcripts/module.ts';
import { transcriptsModule } from './transcripts/module.ts';
import { translationsModule } from './translations/module.ts';
import { summariesModule } from './summaries/module.ts';
import { callQuestionsModule } from './call-questions/module.ts';
import { callOutcomesModule } from './call-outcomes/module.ts';
import { workflowRunsModule } from './workflow-runs/module.ts';
import { workflowStepsModule } from './workflow-steps/module.ts';

/** The modules of the domain that bring something into the product, in the order of their arrows. */
export const intelligenceModules: readonly ModuleManifest[] = [
  modelsModule,
  providerKeysModule,
  aiBudgetsModule,
  aiPreferencesModule,
  answerCacheModule,
  routingModule,
  generationsModule,
  generationBatchesModule,
  tokenCountsModule,
  transcriptsModule,
  playbackTranscriptsModule,
  transcriptExportsModule,
  transcriptionRunsModule,
  speechUsageModule,
  speechModule,
  recognitionsModule,
  translationsModule,
  thoughtsModule,
  mcpSessionsModule,
  mcpServerModule,
  mcpConformanceModule,
  agentsModule,
  memoryModule,
  memoryStoringModule,
  memoryVersionsModule,
  memorySettingsModule,
  memoryForgettingModule,
  memorySearchModule,
  memoryMergingModule,
  memoryConsolidationModule,
  agentConversationsModule,
  teamsModule,
  teamRunsModule,
  summariesModule,
  ratingsModule,
  mcpConnectionsModule,
  mcpConsentsModule,
  mcpPresetsModule,
  mcpToolCallsModule,
  callAgentsModule,
  agentAssignmentsModule,
  captionsModule,
  liveTranslationsModule,
  meetingWorkflowsModule,
  workflowRunsModule,
  callOutcomesModule,
  workflowStepsModule,
  callQuestionsModule,
  moderationPoliciesModule,
  moderationReviewsModule,
  moderationChecksModule,
];
