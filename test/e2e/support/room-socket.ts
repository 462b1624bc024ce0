import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { JsonBody } from './host.ts';

/** A client of a room's socket. */
export class RoomSocket {
  /** Everything that came, in order. */
  readonly frames: JsonBody[] = [];
  private readonly socket: WebSocket;

  private constructor(url: string, ticket: string) {
    this.socket = new WebSocket(url, ['auralink.v1', `ticket.${ticket}`]);
    this.socket.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString())));
  }

  /** Opens it with what an admission says. @throws when it is refused */
  static async open({ url, ticket }: { url: string; ticket: string }): Promise<RoomSocket> {
    const client = new RoomSocket(url, ticket);
    await once(client.socket, 'open');
    client.send({ type: 'hello' });
    await client.waitForFrame(({ type }) => type === 'welcome');
    return client;
  }

  send(frame: Record<string, unknown>): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The first frame as wanted, once it is there. @throws after twenty seconds, with what there was */
  async waitForFrame(isWanted: (frame: JsonBody) => boolean): Promise<JsonBody> {
    const end = performance.now() + 20_000;
    for (;;) {
      const found = this.frames.find(isWanted);
      if (found) return found;
      if (performance.now() > end) throw new Error(`did not come: ${JSON.stringify(this.frames)}`);
      await sleep(50);
    }
  }

  close(): void {
    this.socket.close();
  }
}
