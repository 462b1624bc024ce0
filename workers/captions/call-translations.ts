import { askModel } from './ask-model.ts';
import { type CallPlan, wantedOf } from './call-plan.ts';
import type { Reports } from './reports.ts';
import type { CaptionFrame, RoomSocket } from './room-socket.ts';
import type { SpeechProvider } from './speech-stream.ts';
import { type Listeners, SpokenVoice } from './spoken-voice.ts';
import { synthesize } from './synthesize.ts';
import { translate } from './translate.ts';
import { Translations } from './translations.ts';
import { Translator } from './translator.ts';

const now = () => performance.now();

interface Outlets {
  socket: () => RoomSocket;
  reports: () => Reports;
}

/** The translations of one call: made, shown and spoken. */
export class CallTranslations {
  readonly #translator: Translator;
  readonly #translations: Translations;
  readonly #voice: SpokenVoice;
  #plan: CallPlan;

  /** @param provider the speech service, which translates by rules */
  constructor(plan: CallPlan, provider: SpeechProvider, { socket, reports }: Outlets) {
    this.#plan = plan;
    this.#translator = new Translator(wantedOf(plan), {
      rules: (request) => translate(provider, request, this.#plan.glossaries),
      model: async (request) => {
        const { translator, report } = this.#plan;
        return translator && askModel({ url: translator.url, token: report.token }, request);
      },
    });
    this.#voice = new SpokenVoice(plan.livekit.url, {
      now,
      synthesize: (language, text, signal) => synthesize(this.#plan, { language, text }, signal),
      onSkipped: (language, reason) => socket().sendSkipped(language, reason),
    });
    this.#translations = new Translations(wantedOf(plan), {
      now,
      translate: (request) => this.#translator.translate(request),
      onTranslated: (translatedCharacters) => reports().count({ translatedCharacters }),
      show: (translation, isForAll) =>
        isForAll
          ? socket().send({ ...translation, version: 1, final: true })
          : socket().sendTranslation(translation),
      spoken: () => this.#voice.listenedTo,
      speak: ({ language, text }, saidAtMs) => this.#voice.speak(language, text, saidAtMs),
    });
  }

  /** The call is joined: translations can be spoken. */
  begin(): void {
    this.#voice.want(this.#plan.spoken);
  }

  renew(plan: CallPlan): void {
    this.#plan = plan;
    this.#translator.want(wantedOf(plan));
    this.#translations.want(wantedOf(plan));
    this.#voice.want(plan.spoken);
  }

  ask(languages: readonly string[], listeners: readonly Listeners[]): void {
    this.#translations.ask(languages);
    this.#voice.listen(listeners);
  }

  add(caption: Omit<CaptionFrame, 'version' | 'final'>): void {
    this.#translations.add(caption);
  }

  close(): Promise<void> {
    return this.#voice.close();
  }
}
