import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { signRoomTicket } from '../../realtime/protocol/index.ts';
import { allowedFeatures, mediaGrantsOf } from '../../rooms/access/index.ts';
import type { MediaGrants } from '../../calls/clusters/index.ts';
import { selectNextPosition } from '../transcripts/index.ts';
import { type GlossaryRow, selectGlossaries } from '../translations/index.ts';
import { mayTranslate } from './caption-costs.ts';
import type { CaptionEndReason } from './captions.enums.ts';
import type { CaptionGlossary, CaptionPlan } from './captions.ports.ts';
import {
  type CaptionGround,
  selectAllRunning,
  selectCaptionGround,
  selectCaptionsOfCall,
} from './captions.queries.ts';
import { closeSpoken, endOf } from './end-captions.ts';
import { signReportToken } from './report-token.ts';
import { showCaptions } from './show-captions.ts';

/** The participant that writes captions, as everybody in the call sees it. API keys can have no identity with this character. */
const IDENTITY = 'agt_~captions';
const NAME = 'Live captions';
const ROLE = 'agent';
const TOKEN_SECONDS = 60;
const CAPTIONS_PER_RUN = 200;
/** Most terms of glossaries in a plan. */
const MOST_TERMS = 1_000;

function endReasonOf({ isCallOpen, room, isIncluded, isRemoved }: CaptionGround): CaptionEndReason | null {
  if (!isCallOpen) return 'call_ended';
  if (!room.features.captions) return 'switched_off';
  if (isRemoved) return 'removed';
  return isIncluded ? null : 'not_included';
}

const PERSON = { identity: IDENTITY, name: NAME };
/** The participant that speaks translations: one of its own, so that the one that listens publishes nothing. */
const SPEAKER = { identity: 'agt_~spoken', name: 'Spoken translation' };
const LISTENING = { publish: false, data: false } as const;
const SPEAKING = { subscribe: false, data: false, sources: ['microphone'] } as const;

/** Signs a media token for one minute. */
function signMediaToken(
  ctx: Ctx,
  { captions, room, cluster }: CaptionGround,
  person: typeof PERSON,
  grants: Partial<MediaGrants>,
): Promise<string> {
  const { organizationId, roomId, callId } = captions;
  return ctx.ports.clusters.signJoinToken(cluster, {
    room: callId,
    ...person,
    attributes: { role: ROLE, kind: 'agent' },
    grants: {
      ...mediaGrantsOf(ROLE, room.type, allowedFeatures(room, {})),
      ...grants,
    },
    configuration: {
      emptyTimeoutSeconds: room.emptyTimeoutSeconds,
      departureTimeoutSeconds: room.departureTimeoutSeconds,
      metadata: JSON.stringify({ organizationId, roomId, callId }),
    },
    ttlSeconds: TOKEN_SECONDS,
  });
}

/** The terms that may be needed, up to a limit, because a plan is small. */
function glossariesFrom(language: string | null, rows: readonly GlossaryRow[]): CaptionGlossary[] {
  let left = MOST_TERMS;
  return rows
    .filter(({ fromLanguage }) => language === null || fromLanguage === language)
    .map(({ fromLanguage: from, toLanguage: to, terms }) => {
      const taken = terms.slice(0, left);
      left -= taken.length;
      return { from, to, terms: taken };
    });
}

/** Where a model is asked, if a member chose one; where recordings need consent, words do not leave the product. */
function translatorOf({ captions, room }: CaptionGround, base: string): CaptionPlan['translator'] {
  const { translateBy, askerId } = captions;
  if (translateBy === 'rules' || askerId === null || room.recordingConsent === 'required') return null;
  return { url: `${base}/api/v1/captions/translations`, by: translateBy };
}

/** What it takes to speak translations; null while no host has opened a channel, or none may be. */
async function spokenOf(ctx: Ctx, ground: CaptionGround, base: string): Promise<CaptionPlan['spoken']> {
  const { speakIn, askerId } = ground.captions;
  if (speakIn.length === 0 || askerId === null || ground.room.recordingConsent === 'required') return null;
  return {
    languages: speakIn.map(({ language }) => language),
    token: await signMediaToken(ctx, ground, SPEAKER, SPEAKING),
    url: `${base}/api/v1/captions/speech`,
  };
}

/** What the captioner needs for one call. */
async function planOf(ctx: Ctx, ground: CaptionGround, nextPosition: number): Promise<CaptionPlan> {
  const { captions, room, cluster, startedAt } = ground;
  const { id: captionId, organizationId, roomId, callId, language, translateTo } = captions;
  const inRoom = { organizationId, roomId, callId, role: ROLE, kind: 'agent' } as const;
  const none = { participantId: null, userId: null, linkId: null, credential: null, lobbyEntryId: null };
  const base = ctx.config.PUBLIC_URL.replace(/\/$/, '');
  const [token, spoken, ticket, reportToken, isTranslated, [glossaries]] = await Promise.all([
    signMediaToken(ctx, ground, PERSON, LISTENING),
    spokenOf(ctx, ground, base),
    signRoomTicket(ctx.signer, { ...PERSON, ...inRoom, ...none, features: allowedFeatures(room, {}) }),
    signReportToken(ctx.signer, { captionId, organizationId }),
    mayTranslate(ctx),
    ctx.read((q) => [selectGlossaries(q, organizationId)]),
  ]);
  return {
    captionId,
    organizationId,
    callStartedAtMs: (startedAt ?? captions.createdAt).getTime(),
    livekit: { url: ctx.ports.clusters.clientUrl(cluster), token },
    room: { url: `${base.replace(/^http/, 'ws')}/api/v1/rooms/${roomId}/socket`, ticket },
    report: { url: `${base}/api/v1/captions/reports`, token: reportToken },
    language,
    translateTo,
    mayTranslate: isTranslated,
    translator: translatorOf(ground, base),
    spoken,
    glossaries: glossariesFrom(language, glossaries),
    nextPosition,
  };
}

/**
 * Brings the captioner to the state of the captions: it begins, continues with changes, or ends. It may run at any
 * time, and twice.
 * @throws Error of a captioner that is not available; the delivery, or the sweep of the next minute, repeats it
 */
export async function followCaptions(ctx: Ctx, { captionId }: { captionId: string }): Promise<void> {
  const { organizationId } = ctx;
  const { captioner } = ctx.ports;
  const now = new Date(ctx.clock.now());
  const [[ground]] = await ctx.read((q) => [
    selectCaptionGround(q, { organizationId, captionId, identity: IDENTITY, speaker: SPEAKER.identity, now }),
  ]);
  if (!ground) return captioner?.end(captionId);
  const { captions } = ground;
  if (captions.endedAt !== null) return captioner?.end(captionId);
  const endReason = endReasonOf(ground);
  if (endReason) return ctx.commit(endOf(ctx, captions, endReason)); // whose event comes here again
  if (ground.isSpeakerRemoved) return ctx.commit(closeSpoken(ctx, captions, 'removed')); // as above
  const [[next]] =
    captions.transcriptionId === null
      ? [[undefined]]
      : await ctx.read((q) => [selectNextPosition(q, organizationId, captions.transcriptionId!)]);
  await captioner?.run(await planOf(ctx, ground, next?.position ?? 0));
}

/** The captions of a call that is over. */
export async function followCall(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [rows] = await ctx.read((q) => [selectCaptionsOfCall(q, ctx.organizationId, callId)]);
  for (const { id: captionId } of rows) await followCaptions(ctx, { captionId });
}

/** Scheduled each minute: a restarted captioner learns of its calls, and credentials do not expire. */
export async function sweepCaptions(services: Services): Promise<SweepOutcome> {
  const now = new Date(services.clock.now());
  const [running] = await services.database.read(systemScope, (q) => [
    selectAllRunning(q, now, CAPTIONS_PER_RUN),
  ]);
  return runSweep(services, 'captions.sweep', running, async (ctx, { id: captionId }) => {
    await showCaptions(ctx, { captionId });
    await followCaptions(ctx, { captionId });
  });
}
