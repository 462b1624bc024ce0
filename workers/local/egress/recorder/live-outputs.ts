import type { Picture } from './canvas.ts';
import { FileWriter, type FileSettings } from './file-writer.ts';
import { printEvent } from './plan.ts';

/** Blocks and pictures that a receiver may be behind before it has failed: some seconds. */
const MAX_WAITING = 300;

/** One address that is sent to. It is opened and written to by itself, so that a slow one keeps no other waiting. */
class LiveOutput {
  readonly #url: string;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #writer: FileWriter | undefined;
  /** Number of the first picture that it gets. */
  #first: number | undefined;
  isOver = false;

  constructor(url: string, settings: FileSettings) {
    this.#url = url;
    this.#do(async () => {
      this.#writer = await FileWriter.open({ ...settings, url });
      printEvent({ event: 'target', url, status: 'active' });
    });
  }

  writeAudio(block: Int16Array): void {
    this.#do(async () => this.#writer!.writeAudio(block));
  }

  writeVideo({ data, width, height }: Picture, number: number): void {
    this.#first ??= number;
    const shown = number - this.#first;
    const copy = { data: data.slice(), width, height };
    this.#do(async () => this.#writer!.writeVideo(copy, shown));
  }

  async close(): Promise<void> {
    this.#do(async () => this.#writer!.close());
    await this.#work;
    this.#end('finished');
  }

  #do(step: () => Promise<void>): void {
    if (this.isOver) return;
    if (++this.#waiting > MAX_WAITING) return this.#end('failed');
    this.#work = this.#work.then(async () => {
      this.#waiting--;
      if (!this.isOver) await step();
    });
    this.#work = this.#work.catch((error: unknown) => {
      console.error(`a target failed: ${String(error)}`);
      this.#end('failed');
    });
  }

  #end(status: 'finished' | 'failed'): void {
    if (this.isOver) return;
    this.isOver = true;
    printEvent({ event: 'target', url: this.#url, status });
  }
}

/** The addresses that a stream is sent to. Each may fail, be added and be removed without the others. */
export class LiveOutputs {
  readonly #settings: FileSettings;
  readonly #outputs = new Map<string, LiveOutput>();

  constructor(urls: readonly string[], settings: FileSettings) {
    this.#settings = settings;
    for (const url of urls) this.add(url);
  }

  /** Whether there is an address left to send to. */
  get isSending(): boolean {
    return [...this.#outputs.values()].some(({ isOver }) => !isOver);
  }

  add(url: string): void {
    if (this.#outputs.get(url)?.isOver !== false) this.#outputs.set(url, new LiveOutput(url, this.#settings));
  }

  async remove(url: string): Promise<void> {
    await this.#outputs.get(url)?.close();
  }

  writeAudio(block: Int16Array): void {
    for (const output of this.#outputs.values()) output.writeAudio(block);
  }

  writeVideo(picture: Picture, number: number): void {
    for (const output of this.#outputs.values()) output.writeVideo(picture, number);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#outputs.values()].map((output) => output.close()));
  }
}
