import { type StoredSample, unpackSamples } from '../../insights/quality/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { canonicalJson } from '../../kernel/core/index.ts';
import { type LiveCommand, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { resolveConfig, selectConfigsFor, selectIncluded } from '../compression-config/index.ts';
import {
  analyzeNetwork,
  decideLevel,
  type NetworkConditions,
  SEND_LEVELS,
  settingsOfLevel,
} from '../network/index.ts';
import {
  changeSession,
  insertRecommendation,
  insertSession,
  selectOpenSession,
  selectRecentBatches,
} from './recommendations.queries.ts';
import { isCpuLimited, levelStateOf, mustSend, networkSampleOf, sentBpsOf } from './recommendations.rules.ts';
import type { SendRecommendationRow, SendSession } from './recommendations.tables.ts';

/** A report of the network of a participant. */
interface ReportedNetwork {
  roomId: string;
  callId: string;
  participantId: string;
  identity: string;
  userId: string | null;
}

const WINDOW_MS = 60_000;

async function readNetwork(ctx: Ctx, { roomId, participantId, userId }: ReportedNetwork) {
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [[open], batches, configs, [plan]] = await ctx.read((q) => [
    selectOpenSession(q, organizationId, participantId),
    selectRecentBatches(q, organizationId, participantId, new Date(now.getTime() - WINDOW_MS)),
    selectConfigsFor(q, organizationId, { roomId, userId }),
    selectIncluded(q, organizationId, now),
  ]);
  const samples = batches.flatMap((batch) => unpackSamples(batch.samples));
  const config = resolveConfig(configs, plan?.included ?? false);
  return { open, samples, config, connection: batches[0]?.connection };
}

type Network = Awaited<ReturnType<typeof readNetwork>>;

/**
 * The recommendation that lifts all earlier ones once the mode is `off`: a client may send all that it can. Null when they got it, or
 * nothing was ever recommended.
 */
function decideRelease({ open }: Network, conditions: NetworkConditions, nowMs: number) {
  if (!open?.session || (open.session.mode === 'off' && open.last?.outcome)) return null;
  const level = SEND_LEVELS.length - 1;
  const settings = settingsOfLevel(level, conditions, 'off', { cpuLimited: false, maxSendBps: null });
  const state = { ...levelStateOf(open.session), level, changedAtMs: nowMs, rose: false };
  return { state, conditions, mode: 'off' as const, settings };
}

/** The recommendation for the present network; null for none. */
function decide(network: Network, nowMs: number) {
  const { samples, config, open } = network;
  const conditions = analyzeNetwork(samples.map(networkSampleOf), nowMs);
  if (conditions.samples === 0) return null;
  if (config.mode === 'off') return decideRelease(network, conditions, nowMs);
  const limits = { cpuLimited: isCpuLimited(samples), maxSendBps: config.maxSendBps };
  const session = open?.session ?? null;
  const state = decideLevel(conditions, config.mode, limits, session && levelStateOf(session), nowMs);
  if (!state) return null;
  const settings = settingsOfLevel(state.level, conditions, config.mode, limits);
  return { state, conditions, mode: config.mode, settings };
}

type Decision = NonNullable<ReturnType<typeof decide>>;

const wholeOf = (value: number | null, parts: number) => (value === null ? null : Math.round(value * parts));

const recommendationRow = (
  ctx: Ctx,
  sessionId: string,
  { state, conditions, mode, settings }: Decision,
  samples: readonly StoredSample[],
): SendRecommendationRow => ({
  id: ctx.ids.create('recommendation'),
  organizationId: ctx.organizationId,
  sessionId,
  mode,
  level: state.level,
  maxSendBps: SEND_LEVELS[state.level]!.totalBps,
  sentBps: sentBpsOf(samples),
  quality: conditions.quality,
  availableBps: conditions.availableBps,
  forecastBps: conditions.forecastBps,
  roundTripMs: wholeOf(conditions.roundTripSeconds, 1_000),
  lossPpm: wholeOf(conditions.lossRatio, 1_000_000),
  settings,
  outcome: null,
  skipped: null,
  followedAt: null,
  createdAt: new Date(ctx.clock.now()),
});

/** What changes in the session with a decision and its recommendation. */
const sessionFields = ({ state, mode }: Decision, row: SendRecommendationRow, connection: string) => ({
  mode,
  level: state.level,
  levelChangedAt: new Date(state.changedAtMs),
  holdSeconds: state.holdSeconds,
  rose: state.rose,
  connection,
  lastRecommendationId: row.id,
  recommendedAt: row.createdAt,
  updatedAt: row.createdAt,
});

function sessionChange(ctx: Ctx, reported: ReportedNetwork, decision: Decision, network: Network) {
  const { organizationId } = ctx;
  const { callId, participantId } = reported;
  const session = network.open!.session;
  const id = session?.id ?? ctx.ids.create('sendSession');
  const row = recommendationRow(ctx, id, decision, network.samples);
  const fields = sessionFields(decision, row, network.connection!);
  const created: SendSession = {
    ...fields,
    id,
    organizationId,
    callId,
    participantId,
    recommendations: 1,
    createdAt: row.createdAt,
    version: 1,
  };
  const changed = { ...fields, recommendations: (session?.recommendations ?? 0) + 1 };
  return { session, row, created, changed };
}

/**
 * Recommends to a participant how to send, from their samples of the last minute, if that differs from before. It is
 * sent on the room's socket; a room that cannot be reached gets it with the next report. Does nothing in mode `off`,
 * and after the call.
 */
export async function recommend(ctx: Ctx, reported: ReportedNetwork): Promise<void> {
  const nowMs = ctx.clock.now();
  const network = await readNetwork(ctx, reported);
  const { open, connection } = network;
  const decision = open && connection !== undefined ? decide(network, nowMs) : null;
  if (!decision || !open || connection === undefined) return;
  const isChanged = canonicalJson(open.last?.settings) !== canonicalJson(decision.settings);
  const isAnswered = open.last !== null && open.last.outcome !== null;
  if (!mustSend(open.session, { isChanged, connection, isAnswered }, nowMs)) return;
  const { session, row, created, changed } = sessionChange(ctx, reported, decision, network);
  await ctx.commit({
    write: (q) => [
      session ? changeSession(q, session, changed) : insertSession(q, created),
      insertRecommendation(q, row),
    ],
    result: undefined,
  });
  const recommendation = { recommendationId: row.id, ...decision.settings };
  const command: LiveCommand = {
    type: 'media.recommended',
    key: row.id,
    atMs: nowMs,
    by: null,
    identity: reported.identity,
    recommendation,
  };
  await sendLiveCommands(ctx, reported.roomId, [command]);
}
