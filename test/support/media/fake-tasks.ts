import {
  type CompressionFigures,
  type CompressionSettings,
  type CompressionTask,
  type CompressionTasks,
  MediaRefused,
  type TaskFailure,
  type TaskState,
} from '../../../src/media/compression/index.ts';
import { hex } from '../../../src/kernel/core/index.ts';

/** What the service makes of the next contents. */
export type TaskOutcome = 'compressed' | 'kept' | TaskFailure;

interface FakeTask {
  settings: CompressionSettings;
  /** How often it was asked for. */
  finds: number;
  copy: Uint8Array<ArrayBuffer>;
}

const figures = (copyBytes: number, { kind }: CompressionSettings): CompressionFigures => ({
  copyBytes,
  codec: kind === 'image' ? 'avif' : 'svt-av1',
  preset: '6',
  ssim: 0.9701,
  lowestSsim: 0.94,
  xpsnrDb: 38.5,
  framesCompared: kind === 'image' ? 1 : 300,
  durationSeconds: kind === 'image' ? 0 : 12.5,
  width: 1280,
  height: 720,
  cpuSeconds: 40,
});

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

/** The tasks of a compression service that encodes nothing: a copy is the first quarter of its source, and a task ends after three questions. */
export class FakeTasks implements CompressionTasks {
  outcome: TaskOutcome = 'compressed';
  isDown = false;
  /** Runs before each call; an error is the failure of the call. */
  onCall: (call: string) => unknown = () => undefined;
  /** How often tasks were started, and which were ended. */
  readonly started: { taskId: string; settings: CompressionSettings; checksum: string | null }[] = [];
  readonly #sources = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #tasks = new Map<string, FakeTask>();

  /** How much the service holds: sources and tasks. */
  get size(): number {
    return this.#sources.size + this.#tasks.size;
  }

  /** The process starts again: it knows nothing any more. */
  restart(): void {
    this.#sources.clear();
    this.#tasks.clear();
  }

  async #arrive(call: string): Promise<void> {
    if (this.isDown) throw new Error('the compression service is down');
    await this.onCall(call);
  }

  async findOffset(taskId: string): Promise<number> {
    await this.#arrive('findOffset');
    return this.#sources.get(taskId)?.length ?? 0;
  }

  async sendPiece(
    taskId: string,
    { body, offset, length, sizeBytes }: Parameters<CompressionTasks['sendPiece']>[1],
  ): Promise<void> {
    await this.#arrive('sendPiece');
    if (sizeBytes > 1_000_000) throw new MediaRefused('the content is too large for the service');
    const bytes = new Uint8Array(await new Response(body).arrayBuffer());
    const before = this.#sources.get(taskId) ?? new Uint8Array();
    if (before.length !== offset || bytes.length !== length) throw new Error('409');
    this.#sources.set(taskId, new Uint8Array([...before, ...bytes]));
  }

  async start({ taskId, settings, checksum }: CompressionTask): Promise<void> {
    await this.#arrive('start');
    if (this.#tasks.has(taskId)) return;
    const source = this.#sources.get(taskId);
    if (!source || (checksum !== null && (await sha256(source)) !== checksum))
      throw new Error('there is no such source');
    this.started.push({ taskId, settings, checksum });
    this.#tasks.set(taskId, { settings, finds: 0, copy: source.slice(0, Math.ceil(source.length / 4)) });
  }

  async find(taskId: string): Promise<TaskState | undefined> {
    await this.#arrive('find');
    const task = this.#tasks.get(taskId);
    if (!task) return undefined;
    task.finds++;
    if (task.finds === 1) return { kind: 'running', stage: 'encoding', fraction: 0.5 };
    if (task.finds === 2) return { kind: 'running', stage: 'verifying', fraction: 0.5 };
    const { copy, settings } = task;
    const contentType =
      settings.kind === 'image' ? `image/${settings.format}` : `video/${settings.container}`;
    if (this.outcome === 'kept')
      return {
        kind: 'kept',
        reason: 'not_smaller',
        detail: 'no copy is smaller',
        figures: figures(90_000, settings),
      };
    if (this.outcome !== 'compressed')
      return { kind: 'failed', failure: this.outcome, detail: 'it does not work' };
    const made = { sizeBytes: copy.length, checksum: await sha256(copy), contentType };
    return { kind: 'compressed', copy: made, figures: figures(copy.length, settings) };
  }

  async readCopy(
    taskId: string,
    { offset, length }: { offset: number; length: number },
  ): Promise<Uint8Array<ArrayBuffer>> {
    await this.#arrive('readCopy');
    const task = this.#tasks.get(taskId);
    if (!task) throw new Error('404');
    return task.copy.slice(offset, offset + length);
  }

  async end(taskId: string): Promise<void> {
    await this.#arrive('end');
    this.#sources.delete(taskId);
    this.#tasks.delete(taskId);
  }
}
