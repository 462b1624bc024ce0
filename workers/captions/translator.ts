import type { Wanted } from './translations.ts';

export interface TranslationRequest {
  text: string;
  from: string;
  to: string;
  /** What was said before. */
  context: string;
}

export type Engine = 'rules' | 'model';

export interface Translated {
  text: string;
  by: Engine;
}

/** Translates a text; null where it cannot, or not in time. */
export type Translate = (request: TranslationRequest) => Promise<string | null>;

/** After so many failures in a row a model is not asked for the rest of the minute. */
const MOST_FAILURES = 3;
/** Captions that a model is asked about between two plans, which come each minute. */
const MOST_ASKED = 60;

/** The order in which engines are asked. */
const ORDER: Readonly<Record<NonNullable<Wanted['model']>, readonly Engine[]>> = {
  auto: ['rules', 'model'],
  model: ['model', 'rules'],
};

/** Asks the engines that may translate, one after another, until one does. */
export class Translator {
  readonly #engines: Readonly<Record<Engine, Translate>>;
  #wanted: Wanted;
  #failures = 0;
  #asked = 0;

  constructor(wanted: Wanted, engines: Readonly<Record<Engine, Translate>>) {
    this.#wanted = wanted;
    this.#engines = engines;
  }

  /** What a newer plan allows; a model gets another chance. */
  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#failures = 0;
    this.#asked = 0;
  }

  async translate(request: TranslationRequest): Promise<Translated | null> {
    const { model } = this.#wanted;
    for (const by of model ? ORDER[model] : ['rules' as const]) {
      const text = this.#may(by) ? await this.#ask(by, request) : null;
      if (text !== null && text.trim() !== '') return { text, by };
    }
    return null;
  }

  #may(by: Engine): boolean {
    if (by === 'rules') return this.#wanted.mayUseRules;
    return this.#failures < MOST_FAILURES && this.#asked < MOST_ASKED;
  }

  async #ask(by: Engine, request: TranslationRequest): Promise<string | null> {
    if (by === 'model') this.#asked++;
    const text = await this.#engines[by](request);
    if (by === 'model') this.#failures = text === null ? this.#failures + 1 : 0;
    return text;
  }
}
