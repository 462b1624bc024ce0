import type { Product } from './product.ts';

const REPORT_MS = 15_000;

/** Recognized and spoken amounts of an agent since this process took it. Reports have totals, so a lost report changes nothing. */
export class SpeechUse {
  readonly #product: Product;
  readonly #callAgentId: string;
  readonly #log: (line: string) => void;
  readonly #timer: NodeJS.Timeout;
  #recognizedMs = 0;
  #spokenCharacters = 0;
  #reported = '';

  constructor(product: Product, callAgentId: string, log: (line: string) => void) {
    this.#product = product;
    this.#callAgentId = callAgentId;
    this.#log = log;
    this.#timer = setInterval(() => void this.#report(), REPORT_MS);
  }

  recognized(ms: number): void {
    this.#recognizedMs += Math.max(0, Math.round(ms));
  }

  spoke(text: string): void {
    this.#spokenCharacters += text.length;
  }

  /** Reports what is left. */
  end(): Promise<void> {
    clearInterval(this.#timer);
    return this.#report();
  }

  async #report(): Promise<void> {
    const used = {
      recognizedSeconds: this.#recognizedMs / 1_000,
      spokenCharacters: this.#spokenCharacters,
    };
    const key = JSON.stringify(used);
    if (key === this.#reported || (used.recognizedSeconds === 0 && used.spokenCharacters === 0)) return;
    try {
      await this.#product.reportSpeech(this.#callAgentId, used);
      this.#reported = key;
    } catch (error) {
      this.#log(`reporting what was used failed: ${String(error)}`);
    }
  }
}
