import { create } from '@bufbuild/protobuf';
import {
  type CompressObjectRequest,
  ObjectStage,
  TaskFailureKind,
  type TaskState,
  TaskStateSchema,
} from '../../generated/auralink/aic/v1/objects_pb.js';
import { PoolFull } from '../frames/single-frames.ts';
import { ProcessEnded, WorkerRefusal } from '../processes/worker-process.ts';
import {
  checkRequest,
  compressObject,
  InputDiffers,
  type ObjectServiceOptions,
  presentProgress,
} from './compress-object.ts';
import { ObjectError } from './locations.ts';

/** Running, waiting and ended ones together. */
const MAX_TASKS = 64;
/** Tasks of one named owner. */
const MAX_TASKS_OF_OWNER = 32;
const SWEEP_MS = 1_000;
const ID = /^[\w-]{1,64}$/;

interface ObjectTask {
  request: CompressObjectRequest;
  state: TaskState;
  /** When somebody last asked for it. */
  seenAtMs: number;
  cancel: AbortController;
  done: Promise<void>;
}

const toState = (state: TaskState['state']): TaskState => create(TaskStateSchema, { state });

/** Why a task failed, as the protocol says it. */
function toFailure(error: unknown): TaskState {
  const detail = error instanceof Error ? error.message : String(error);
  const fail = (kind: TaskFailureKind) =>
    create(TaskStateSchema, { state: { case: 'failure', value: { kind, detail } } });
  if (error instanceof ObjectError || error instanceof WorkerRefusal) return fail(TaskFailureKind.REFUSED);
  if (error instanceof ProcessEnded) return fail(TaskFailureKind.EXHAUSTED);
  if (error instanceof InputDiffers) return fail(TaskFailureKind.INPUT_DIFFERS);
  if (error instanceof DOMException && error.name === 'TimeoutError') return fail(TaskFailureKind.TOO_LONG);
  return fail(TaskFailureKind.UNKNOWN);
}

const pathsOf = ({ input, output }: CompressObjectRequest): string[] =>
  [input, output].flatMap((location) => (location?.place.case === 'path' ? [location.place.value] : []));

/**
 * Work on objects that outlasts the calls of its owner. A task whose owner has not asked for it for a time is ended: its
 * result would not be fetched.
 */
export class ObjectTasks {
  readonly #options: ObjectServiceOptions;
  readonly #ownerMs: number;
  readonly #tasks = new Map<string, ObjectTask>();

  /** @param ownerSeconds after which a task that nobody asked for is ended */
  constructor(options: ObjectServiceOptions, ownerSeconds: number) {
    this.#options = options;
    this.#ownerMs = ownerSeconds * 1_000;
    setInterval(() => this.#endForgotten(Date.now()), SWEEP_MS).unref();
  }

  /** Whether a task needs the object with this name in the folder of objects. */
  needs(name: string): boolean {
    return [...this.#tasks.values()].some(({ request }) => pathsOf(request).includes(name));
  }

  /** Starts a task; an existing one does not change. @throws ObjectError, PoolFull */
  async start(request: CompressObjectRequest): Promise<TaskState> {
    const { taskId } = request;
    if (!ID.test(taskId))
      throw new ObjectError('task_id has 1 to 64 letters, digits, hyphens and underscores');
    const known = this.find(taskId);
    if (known) return known;
    const { owner } = request;
    const own = [...this.#tasks.values()].filter((task) => task.request.owner === owner).length;
    if (this.#tasks.size >= MAX_TASKS || (owner !== '' && own >= MAX_TASKS_OF_OWNER))
      throw new PoolFull('too many tasks');
    await checkRequest(request, this.#options.limits);
    return this.find(taskId) ?? this.#run(request);
  }

  find(taskId: string): TaskState | undefined {
    const task = this.#tasks.get(taskId);
    if (task) task.seenAtMs = Date.now();
    return task?.state;
  }

  /** Resolves when nothing of its work is left. */
  async end(taskId: string): Promise<void> {
    const task = this.#tasks.get(taskId);
    if (!task) return;
    task.cancel.abort(new Error('the task was ended'));
    await task.done;
    this.#tasks.delete(taskId);
  }

  #run(request: CompressObjectRequest): TaskState {
    const cancel = new AbortController();
    const state = toState(presentProgress(ObjectStage.WAITING));
    const task: ObjectTask = { request, state, cancel, seenAtMs: Date.now(), done: Promise.resolve() };
    task.done = compressObject(request, cancel.signal, this.#options, (event) => {
      task.state = toState(event);
    }).catch((error: unknown) => {
      task.state = toFailure(error);
    });
    this.#tasks.set(request.taskId, task);
    return state;
  }

  #endForgotten(nowMs: number): void {
    for (const [taskId, { seenAtMs }] of this.#tasks)
      if (nowMs - seenAtMs > this.#ownerMs) void this.end(taskId);
  }
}
