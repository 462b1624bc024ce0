import { serverErrors, withTimeout } from '../../kernel/core/index.ts';
import type { SqlKeyValues } from '../../kernel/durable/index.ts';
import { type ChatRules, chatRulesSchema } from './text-rules.schemas.ts';
import { type CompiledWords, compileWords, findPhrases } from './words.rules.ts';

/** The name is stored. */
const RULES_KEY = 'chat_rules';
/** After this rules are read again. */
const FRESH_MS = 5_000;
/** Rules that are older than this are not used while they are read again: so long a change of them takes to hold. */
const USABLE_MS = 10_000;
const READ_TIMEOUT_MS = 5_000;

/** A rule that a text falls under. */
export interface RuleMatch {
  rule: string;
  phrase: string;
  action: ChatRules['rules'][number]['action'];
  mute: boolean;
}

/** Rules, ready to be applied. */
export class ActiveRules {
  readonly exemptModerators: boolean;
  readonly #rules: ChatRules['rules'];
  readonly #words: CompiledWords;

  constructor({ exemptModerators, rules }: ChatRules) {
    this.exemptModerators = exemptModerators;
    this.#rules = rules;
    this.#words = compileWords(rules.map(({ words }) => words));
  }

  /** The strictest of the rules that a text falls under; undefined for none. */
  match(text: string): RuleMatch | undefined {
    const matches = findPhrases(this.#words, text).map(({ list, phrase }) => {
      const { name, action, mute } = this.#rules[list]!;
      return { rule: name, phrase, action, mute };
    });
    return matches.find(({ action }) => action === 'reject') ?? matches[0];
  }
}

/** Rules as they were read. */
export interface RulesReading {
  rules: ChatRules;
  /** It changes with them. */
  version: string;
}

/** What the rules of a room are read from. */
export interface RulesSource {
  /**
   * Returns the rules, or null if they have the known version. What is known without asking is returned at once.
   */
  read(known: string | null): RulesReading | null | Promise<RulesReading | null>;
  keepAlive(work: Promise<unknown>): void;
  /** They could not be read, and the last known ones hold. */
  onFailure(error: unknown): void;
}

/**
 * The rules of a room's chat while it is awake. They are read again after five seconds of use. When they cannot be read, the last known ones
 * hold, which are stored; of a room that never knew any, nothing may be shown.
 */
export class KnownRules {
  readonly #meta: SqlKeyValues;
  #active: ActiveRules | undefined;
  #version: string | null = null;
  #readAtMs = 0;
  #reading: Promise<ActiveRules> | undefined;

  constructor(meta: SqlKeyValues) {
    this.#meta = meta;
  }

  /**
   * The rules as they are now; a promise where they must be read before. It rejects with what the reading fails with when none were ever
   * known.
   */
  current(nowMs: number, source: RulesSource): ActiveRules | Promise<ActiveRules> {
    const ageMs = nowMs - this.#readAtMs;
    if (this.#active && ageMs < FRESH_MS) return this.#active;
    if (!this.#reading) {
      const found = source.read(this.#version);
      if (!(found instanceof Promise)) return this.#keep(found, nowMs);
      this.#reading = this.#finish(found, nowMs, source);
    }
    if (!this.#active || ageMs >= USABLE_MS) return this.#reading;
    source.keepAlive(this.#reading);
    return this.#active;
  }

  async #finish(
    found: Promise<RulesReading | null>,
    nowMs: number,
    source: RulesSource,
  ): Promise<ActiveRules> {
    const createTimeoutError = () =>
      serverErrors.unavailable({ detail: 'the rules of the chat were not read in time' });
    try {
      return this.#keep(await withTimeout(found, READ_TIMEOUT_MS, createTimeoutError), nowMs);
    } catch (error) {
      this.#active ??= this.#stored();
      if (!this.#active) throw error;
      source.onFailure(error);
      this.#readAtMs = nowMs;
      return this.#active;
    } finally {
      this.#reading = undefined;
    }
  }

  #keep(found: RulesReading | null, nowMs: number): ActiveRules {
    this.#readAtMs = nowMs;
    if (found === null) return this.#active!;
    const { rules, version } = found;
    const text = JSON.stringify(rules);
    if (!this.#active || this.#meta.get(RULES_KEY) !== text) this.#active = new ActiveRules(rules);
    if (this.#meta.get(RULES_KEY) !== text) this.#meta.set(RULES_KEY, text);
    this.#version = version;
    return this.#active;
  }

  #stored(): ActiveRules | undefined {
    const text = this.#meta.get(RULES_KEY);
    return text === undefined ? undefined : new ActiveRules(chatRulesSchema.parse(JSON.parse(text)));
  }
}
