import { DurableObject } from 'cloudflare:workers';
import type { LiveCommand, LiveRoster } from '../src/meetings/realtime/index.ts';
import type { Services } from '../src/platform/context/index.ts';

/** The live side of one room; see `src/meetings/realtime`. */
export abstract class LiveRoom extends DurableObject<Env> {
  /** What the isolate holds: the doors give it, because they alone read the environment. */
  protected abstract services(): Services;

  override async fetch(_request: Request): Promise<Response> {
    return new Response(null, { status: 501 });
  }

  apply(_commands: readonly LiveCommand[]): { seq: number } {
    return { seq: 0 };
  }

  roster(): LiveRoster {
    return { people: [], spotlight: null, locked: false, seq: 0 };
  }

  async forget(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
