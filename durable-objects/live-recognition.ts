import { DurableObject } from 'cloudflare:workers';
import type { Actor } from '../src/kernel/core/index.ts';
import type { Services } from '../src/kernel/context/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import { RECOGNITION_SUBPROTOCOL, type RecognitionPlan } from '../src/intelligence/recognitions/index.ts';
import { RecognitionSession } from '../src/intelligence/recognition-session/index.ts';
import { answerRefusal, answerUpgrade } from './answer-upgrade.ts';
import { resolveServices } from './resolve-services.ts';

/** One recognition of live speech; see `src/intelligence/recognition-session`. */
export class LiveRecognition extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx);
  readonly #session = new RecognitionSession({
    storage: this.ctx.storage.kv,
    services: () => this.services(),
    keepAlive: (work) => this.ctx.waitUntil(work),
    sockets: () => this.ctx.getWebSockets(),
    startTimer: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
  });

  protected services(): Services {
    return resolveServices(this.env);
  }

  begin(plan: RecognitionPlan): void {
    this.#session.begin(plan);
  }

  renew(asker: Actor): boolean {
    return this.#session.renew(asker);
  }

  end(asker: Actor): Promise<boolean> {
    return this.#session.end(asker);
  }

  /** The upgrade of a socket whose ticket was verified; a refusal answers with its code. */
  override async fetch(request: Request): Promise<Response> {
    try {
      this.#session.requireOpen();
    } catch (error) {
      return answerRefusal(error);
    }
    return answerUpgrade(this.ctx, request, RECOGNITION_SUBPROTOCOL, (socket) =>
      this.#session.accept(socket),
    );
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    this.#session.receive(socket, data);
  }

  override webSocketClose(socket: WebSocket): void {
    // The second half of the closing handshake; where the runtime has sent it already this changes nothing.
    socket.close(1000);
    this.#session.disconnect(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#session.disconnect(socket);
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    const nextAtMs = await this.#session.wake();
    if (nextAtMs === null) await this.ctx.storage.deleteAll();
    else this.#alarm.wakeAt(nextAtMs);
  }
}
