import { setTimeout as sleep } from 'node:timers/promises';
import type { Picture } from './canvas.ts';
import { FileWriter, type FileSettings } from './file-writer.ts';
import { type Plan, printEvent, type Target } from './plan.ts';

/** Blocks and pictures that may wait for a receiver: with more, pictures are left out. */
const MAX_WAITING_FOR_PICTURES = 100;
/** With more it has failed: ten seconds of sound. */
const MAX_WAITING = 500;
/** How long a receiver may take for the last of it. */
const CLOSE_WITHIN_MS = 5_000;

/** Stands for the segments among the targets. */
const SEGMENTS: Target = { id: -1, url: 'the segments' };

/** One address that is sent to, or the segments. It is opened and written to by itself, so that a slow one keeps no other waiting. */
class LiveOutput {
  readonly #target: Target;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #writer: FileWriter | undefined;
  /** Number of the first picture that it gets. */
  #first: number | undefined;
  #isOver = false;

  constructor(target: Target, settings: FileSettings) {
    this.#target = target;
    this.#do(async () => {
      this.#writer = await FileWriter.open(settings);
      printEvent({ event: 'target', id: target.id, status: 'active' });
    });
  }

  writeAudio(block: Int16Array): void {
    this.#do(async () => this.#writer!.writeAudio(block));
  }

  writeVideo({ data, width, height }: Picture, number: number): void {
    if (this.#isOver || this.#waiting > MAX_WAITING_FOR_PICTURES) return;
    this.#first ??= number;
    const shown = number - this.#first;
    const copy = { data: data.slice(), width, height }; // the canvas is drawn on again meanwhile
    this.#do(async () => this.#writer!.writeVideo(copy, shown));
  }

  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#do(async () => {
      await this.#writer!.close();
      this.#end('finished');
    });
    await Promise.race([this.#work, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    this.#end('failed', 'it did not take the end in time');
  }

  /** Does a step after those before. With the first that fails the output has failed. */
  #do(step: () => Promise<void>): void {
    if (this.#isOver) return;
    if (++this.#waiting > MAX_WAITING) return this.#end('failed', 'it takes less than is sent');
    this.#work = this.#work
      .then(async () => {
        this.#waiting--;
        if (!this.#isOver) await step();
      })
      // FFmpeg's text has the address with its key.
      .catch((error: unknown) =>
        this.#end('failed', String(error).replaceAll(this.#target.url, 'the receiver')),
      );
  }

  #end(status: 'finished' | 'failed', error?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // The connection is closed; that the last of it cannot be sent adds nothing to the failure.
    if (status === 'failed') void this.#work.then(() => this.#writer?.close()).catch(() => undefined);
    printEvent({ event: 'target', id: this.#target.id, status, ...(error === undefined ? {} : { error }) });
  }
}

/** The addresses that a stream is sent to. Each may fail, be added and be removed without the others. */
export class LiveOutputs {
  readonly #settings: FileSettings;
  readonly #outputs = new Map<number, LiveOutput>();

  constructor({ targets, segments }: Pick<Plan, 'targets' | 'segments'>, settings: FileSettings) {
    this.#settings = settings;
    for (const target of targets) this.add(target);
    if (segments) this.#outputs.set(SEGMENTS.id, new LiveOutput(SEGMENTS, { ...settings, segments }));
  }

  add(target: Target): void {
    this.#outputs.set(target.id, new LiveOutput(target, { ...this.#settings, url: target.url }));
  }

  async remove(id: number): Promise<void> {
    const output = this.#outputs.get(id);
    this.#outputs.delete(id);
    await output?.close();
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
