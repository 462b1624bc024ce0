import type { Ctx } from '../../kernel/context/index.ts';
import type { LiveCommand } from '../../realtime/protocol/index.ts';
import { type LanguageCode, LANGUAGES } from '../translations/index.ts';
import { mayAskModel, mayTranslate } from './caption-costs.ts';
import { selectCaptionsToReport } from './captions.queries.ts';
import type { CallCaptions } from './captions.tables.ts';

const LIST_MS = 3_000;

interface ShownCaptions {
  captions: CallCaptions;
  isConsentNeeded: boolean;
}

/**
 * The languages that captions can be translated to now. Without a model: none while the speech service is not available,
 * or if the budget does not allow it.
 */
async function listOffered(ctx: Ctx, found: ShownCaptions): Promise<LanguageCode[]> {
  const { language } = found.captions;
  if (await mayAskModel(ctx, found)) return LANGUAGES.filter((each) => each !== language);
  const service = ctx.ports.speech?.(ctx.organizationId);
  if (!service || !(await mayTranslate(ctx))) return [];
  try {
    const pairs = await service.translation.listLanguages(AbortSignal.timeout(LIST_MS));
    const targets = pairs.filter(({ from }) => language === null || from === language).map(({ to }) => to);
    return LANGUAGES.filter((each) => each !== language && targets.includes(each));
  } catch (error) {
    ctx.log.warn('the languages of captions are not known', { error: String(error) });
    return []; // the next minute asks again
  }
}

/** The languages in which translations are spoken, if any are. */
const spokenIn = ({ captions: { speakIn }, isConsentNeeded }: ShownCaptions) =>
  speakIn.length === 0 || isConsentNeeded ? {} : { spoken: speakIn.map(({ language }) => language) };

async function runningCommand(ctx: Ctx, found: ShownCaptions, atMs: number): Promise<LiveCommand> {
  const { id: captionId, language } = found.captions;
  const languages = await listOffered(ctx, found);
  return {
    type: 'captions.running',
    key: `captions/${captionId}/${atMs}`,
    atMs,
    captions: { captionId, language, languages, ...spokenIn(found) },
  };
}

/**
 * Shows in the room that captions are on, with the languages for translations, or that they are off. It may run at any
 * time, and twice.
 */
export async function showCaptions(ctx: Ctx, { captionId }: { captionId: string }): Promise<void> {
  // Taken before the read, because the end of captions, which may be committed meanwhile, is later and wins.
  const atMs = ctx.clock.now();
  const [[found]] = await ctx.read((q) => [selectCaptionsToReport(q, ctx.organizationId, captionId)]);
  if (!found) return;
  const { captions } = found;
  await ctx.ports.liveRooms.apply(captions.roomId, [
    captions.endedAt === null
      ? await runningCommand(ctx, found, atMs)
      : {
          type: 'captions.over',
          key: `captions/${captionId}/over`,
          atMs: captions.endedAt.getTime(),
          captions: { captionId },
        },
  ]);
}
